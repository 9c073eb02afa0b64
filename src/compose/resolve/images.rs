//! The images of a project.

use crate::compose::resolve::Resolved;
use crate::compose::value::{Data, MapEntry, Value};

impl Resolved {
    /// The image of each service, `PROJECT-SERVICE` where one is built and has no name, and those of its hooks.
    pub fn images(&self) -> Vec<String> {
        let services = self.document.get("services").and_then(Value::as_map).into_iter().flatten();
        services.flat_map(|service| self.images_of(service)).collect()
    }

    fn images_of(&self, service: &MapEntry) -> Vec<String> {
        let image = |value: &Value<Data>| Some(value.get("image")?.as_str()?.to_owned());
        let built = || service.value.get("build").map(|_| format!("{}-{}", self.compose.name.value, service.key));
        let own = image(&service.value).or_else(built);
        let hooks = service.value.get("pre_start").and_then(Value::as_list).unwrap_or_default();
        let others = hooks.iter().filter_map(image).filter(|image| Some(image) != own.as_ref());
        own.clone().into_iter().chain(others).collect()
    }
}
