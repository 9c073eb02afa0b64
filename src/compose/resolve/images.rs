//! The images of a project.

use crate::compose::resolve::Resolved;
use crate::compose::value::{Data, MapEntry, Value};

impl Resolved {
    /// The image of each service and job, `PROJECT-SERVICE` where it has no name, and those of its
    /// hooks.
    pub fn images(&self) -> Vec<String> {
        let sections = ["services", "jobs"]
            .into_iter()
            .filter_map(|section| self.document.get(section)?.as_map());
        sections
            .flatten()
            .flat_map(|service| self.images_of(service))
            .collect()
    }

    fn images_of(&self, service: &MapEntry) -> Vec<String> {
        let image = |value: &Value<Data>| Some(value.get("image")?.as_str()?.to_owned());
        let own = image(&service.value)
            .unwrap_or_else(|| format!("{}-{}", self.compose.name.value, service.key));
        let hooks = service
            .value
            .get("pre_start")
            .and_then(Value::as_list)
            .unwrap_or_default();
        let others = hooks.iter().filter_map(image).filter(|image| *image != own);
        std::iter::once(own.clone()).chain(others).collect()
    }
}
