//! Packages of the repository that mounted code is linked to by its manifest, and that are only
//! copies in the image: members of a workspace of Node.js, and modules that a `go.mod` replaces.

use std::path::{Path, PathBuf};

use super::imports::UnmountedImport;
use crate::files::clean;
use crate::process::Reads;
use crate::project::{Service, mounts};
use crate::repository::sources::Census;
use crate::syntax::yaml;
use crate::text::{Source, Span};

/// No workspace has more members, and no manifest more dependencies, that are looked at.
const MOST: usize = 300;

impl Service<'_> {
    /// The linked packages that no mount and no trigger reaches, while a mount shows the manifest
    /// that names them.
    pub fn unmounted_links(self) -> Vec<UnmountedImport> {
        let mut found: Vec<UnmountedImport> = Vec::new();
        for process in self
            .processes()
            .iter()
            .filter(|process| !matches!(process.reads, Reads::Artifact(_)))
        {
            let Some(shown) = self
                .shown(&process.cwd)
                .filter(|shown| shown.host.starts_with(self.project.root()))
            else {
                continue;
            };
            for (directory, import) in self
                .node_links(&shown.host)
                .into_iter()
                .chain(self.go_links(&shown.host))
            {
                let is_known = found.iter().any(|known| known.directory == directory);
                if let Some(link) = self.copy_of_link(&directory, import).filter(|_| !is_known) {
                    found.push(link);
                }
            }
        }
        found
    }

    /// The copy in the image of a linked package, where an edit of the original does not reach it.
    fn copy_of_link(self, directory: &Path, import: Span) -> Option<UnmountedImport> {
        let by_mount = self.mounts().iter().filter_map(mounts::bind_source);
        let by_watch = self
            .spec()
            .watch
            .iter()
            .map(|watch| Path::new(&watch.path.value));
        let is_reached = by_mount
            .chain(by_watch)
            .any(|source| directory.starts_with(source) || source.starts_with(directory));
        if is_reached
            || Census::of(self.project.workspace().files(), directory, &|_, _| false).is_empty()
        {
            return None;
        }
        let baked = self
            .image()?
            .baked()
            .iter()
            .rev()
            .find(|baked| baked.is_directory && directory.starts_with(&baked.host))?;
        let rest = directory.strip_prefix(&baked.host).ok()?.to_str()?;
        let container = crate::image::path::join(&baked.container, rest);
        Some(UnmountedImport {
            directory: directory.to_path_buf(),
            container,
            copy: baked.from_context,
            import,
        })
    }

    /// What a `package.json` depends on that lies in the repository.
    fn node_links(self, directory: &Path) -> Vec<(PathBuf, Span)> {
        let workspace = self.project.workspace();
        let Ok(manifest) = workspace.read(&directory.join("package.json")) else {
            return Vec::new();
        };
        let (tree, _) = yaml::parse(&manifest);
        let sections = ["dependencies", "devDependencies"]
            .into_iter()
            .filter_map(|section| tree.root()?.get(section));
        let members = self.members(directory);
        let mut found = Vec::new();
        for entry in sections.flat_map(|section| section.entries()).take(MOST) {
            let (name, version) = (entry.key.text(), entry.value.text());
            let path = ["file:", "link:", "portal:"]
                .iter()
                .find_map(|scheme| version.strip_prefix(scheme));
            let member = || {
                members
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, directory)| directory.clone())
            };
            let place = path
                .map(|path| clean(&directory.join(path)))
                .or_else(member);
            found.extend(place.map(|place| (place, entry.key.span())));
        }
        found
    }

    /// The members of the workspace that a directory belongs to, by their names.
    fn members(self, directory: &Path) -> Vec<(String, PathBuf)> {
        let workspace = self.project.workspace();
        let files = workspace.files();
        let patterns_of = |root: &Path| {
            let lists = [
                ("package.json", "workspaces"),
                ("pnpm-workspace.yaml", "packages"),
            ]
            .into_iter()
            .filter_map(|(file, key)| {
                let source = workspace.read(&root.join(file)).ok()?;
                let (tree, _) = yaml::parse(&source);
                let list = tree.root()?.get(key)?;
                let list = list.get("packages").unwrap_or(list);
                Some(
                    list.items()
                        .map(|item| item.text().into_owned())
                        .collect::<Vec<String>>(),
                )
            });
            lists.flatten().collect::<Vec<String>>()
        };
        let roots = directory
            .ancestors()
            .take_while(|above| above.starts_with(self.project.root()));
        let Some((root, patterns)) = roots
            .map(|root| (root, patterns_of(root)))
            .find(|(_, patterns)| !patterns.is_empty())
        else {
            return Vec::new();
        };
        let mut directories: Vec<PathBuf> = Vec::new();
        for pattern in &patterns {
            match pattern.strip_suffix("/**").or(pattern.strip_suffix("/*")) {
                Some(parent) => {
                    let parent = root.join(parent.trim_start_matches("./"));
                    let entries = files.list(&parent);
                    directories.extend(
                        entries
                            .iter()
                            .filter(|entry| entry.is_directory)
                            .map(|entry| parent.join(&entry.name)),
                    );
                }
                None => directories.push(root.join(pattern.trim_start_matches("./"))),
            }
        }
        let named = directories.into_iter().take(MOST).filter_map(|directory| {
            let source = workspace.read(&directory.join("package.json")).ok()?;
            let (tree, _) = yaml::parse(&source);
            let name = tree.root()?.get("name")?.text().into_owned();
            Some((name, directory))
        });
        named.collect()
    }

    /// The modules that a `go.mod` replaces with directories of the repository.
    fn go_links(self, directory: &Path) -> Vec<(PathBuf, Span)> {
        let Ok(manifest) = self.project.workspace().read(&directory.join("go.mod")) else {
            return Vec::new();
        };
        replaced(&manifest)
            .into_iter()
            .map(|(path, span)| (clean(&directory.join(path)), span))
            .collect()
    }
}

/// `replace x => ../y`, alone or in a block: the paths, each with its line.
fn replaced(manifest: &Source) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in manifest.text().split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default().trim();
        if let Some((_, path)) = code.split_once("=>") {
            let path = path.trim();
            if path.starts_with('.') && found.len() < MOST {
                found.push((
                    path.to_owned(),
                    manifest.span(start..start + line.trim_end().len()),
                ));
            }
        }
        start += line.len();
    }
    found
}
