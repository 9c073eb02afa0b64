//! What the compose files of a repository say, those that are loaded with other views included: the
//! names of their services, and what they build.
//!
//! Files are read one by one, nothing is merged. A rule that would say "nobody uses this" or "there
//! is no such service" asks here first.

use std::path::{Path, PathBuf};

use crate::files::clean;
use crate::syntax::yaml::Node;
use crate::workspace::Workspace;

/// More compose files than that are not read.
const MOST_FILES: usize = 200;

/// What all compose files below a root say.
#[derive(Debug, Default)]
pub struct Neighbours {
    /// Names and container names of services.
    names: Vec<String>,
    /// What is built.
    pub builds: Vec<Build>,
}

/// A `build:` as one file writes it.
#[derive(Debug)]
pub struct Build {
    /// The context directory.
    pub context: PathBuf,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// The stage; empty for the last one, `None` when a variable decides.
    pub target: Option<String>,
}

impl Neighbours {
    pub(crate) fn read(workspace: &Workspace<'_>, root: &Path) -> Neighbours {
        let mut neighbours = Neighbours::default();
        let paths = workspace.files().walk(root);
        for path in paths
            .iter()
            .filter(|path| may_be_compose(path))
            .take(MOST_FILES)
        {
            let Ok(source) = workspace.read(path) else {
                continue;
            };
            let parsed = workspace.yaml(&source);
            for services in parsed
                .tree
                .documents()
                .filter_map(|document| document.get("services"))
            {
                for entry in services.entries() {
                    neighbours.names.push(entry.key.text().into_owned());
                    neighbours.names.extend(
                        entry
                            .value
                            .get("container_name")
                            .map(|name| name.text().into_owned()),
                    );
                    let directory = path.parent().unwrap_or(Path::new("/"));
                    neighbours.builds.extend(
                        entry
                            .value
                            .get("build")
                            .and_then(|build| read_build(build, directory)),
                    );
                }
            }
        }
        neighbours
    }

    /// Whether a service of any file has this name, or its container.
    pub fn has_service(&self, name: &str) -> bool {
        self.names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }
}

fn read_build(build: Node<'_>, directory: &Path) -> Option<Build> {
    let text = |key: &str| build.get(key).map(|node| node.text().into_owned());
    let is_mapping = build.entries().next().is_some();
    let context = if is_mapping {
        text("context").unwrap_or_else(|| ".".to_owned())
    } else {
        build.text().into_owned()
    };
    if context.contains(['$', ':']) {
        return None;
    }
    let context = clean(&directory.join(context));
    let dockerfile = text("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned());
    let target = text("target").unwrap_or_default();
    Some(Build {
        dockerfile: clean(&context.join(dockerfile)),
        context,
        target: Some(target).filter(|target| !target.contains('$')),
    })
}

fn may_be_compose(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    is_yaml
        && ["compose", "stack", "docker", "container"]
            .iter()
            .any(|word| name.contains(word))
}
