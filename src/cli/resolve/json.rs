//! A resolved document as JSON.

use serde_json::{Map, Number, Value as Json};

use crate::compose::{Data, Value};

/// The document. `$` is doubled where the output can be read as a compose file again.
pub(super) fn value(value: &Value<Data>, doubles_dollars: bool) -> Json {
    match &value.value {
        Data::Null => Json::Null,
        Data::Bool(flag) => Json::Bool(*flag),
        Data::Int(number) => integer(*number),
        Data::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Data::String(text) if doubles_dollars => Json::String(text.as_str().replace('$', "$$")),
        Data::String(text) => Json::String(text.as_str().to_owned()),
        Data::List(items) => items
            .iter()
            .map(|item| self::value(item, doubles_dollars))
            .collect(),
        Data::Map(map) => {
            let entry = |entry: &crate::compose::value::MapEntry| {
                let key = if doubles_dollars {
                    entry.key.replace('$', "$$")
                } else {
                    entry.key.clone()
                };
                (key, self::value(&entry.value, doubles_dollars))
            };
            Json::Object(map.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "JSON has no integers of this size"
)]
fn integer(number: i128) -> Json {
    match (i64::try_from(number), u64::try_from(number)) {
        (Ok(number), _) => number.into(),
        (_, Ok(number)) => number.into(),
        _ => Number::from_f64(number as f64).map_or(Json::Null, Json::Number),
    }
}
