//! The instructions that copy manifests, as text.

use crate::image::{Copied, Image, Step, path};

use super::EarlyManifest;

/// One COPY for each directory, so that the files keep their places. The flags of the copy are
/// those of the owner and the mode.
pub fn manifest_copies(
    image: &Image,
    copy: &Step,
    copied: &Copied,
    manifests: &[EarlyManifest],
) -> Vec<String> {
    let source = &image.dockerfile.tree.source;
    let instruction = image.instruction(copy);
    let flags = instruction
        .flags
        .iter()
        .filter(|flag| matches!(flag.name.as_str(), "chown" | "chmod" | "link"));
    let flags: String = flags
        .map(|flag| format!(" {}", source.slice(flag.span)))
        .collect();
    let keyword = if source
        .slice(instruction.keyword_span)
        .starts_with(char::is_lowercase)
    {
        "copy"
    } else {
        "COPY"
    };
    let mut directories: Vec<(String, Vec<&EarlyManifest>)> = Vec::new();
    for manifest in manifests {
        // The contents of a directory are copied, so it has a destination of its own.
        let is_directory = manifest.input.is_directory;
        let directory = if is_directory {
            manifest.input.container.clone()
        } else {
            path::join(&manifest.input.container, "..")
        };
        match directories.iter_mut().find(|(known, found)| {
            *known == directory && !is_directory && !found[0].input.is_directory
        }) {
            Some((_, manifests)) => manifests.push(manifest),
            None => directories.push((directory, vec![manifest])),
        }
    }
    let written = |(directory, manifests): &(String, Vec<&EarlyManifest>)| {
        // A pattern may match nothing beside a file that is there.
        let is_sure = manifests.iter().any(|manifest| !manifest.may_be_absent);
        let star = |manifest: &EarlyManifest| {
            if manifest.may_be_absent && is_sure {
                "*"
            } else {
                ""
            }
        };
        let sources: Vec<String> = manifests
            .iter()
            .map(|manifest| format!("{}{}", manifest.input.path, star(manifest)))
            .collect();
        // As the copy itself is written.
        let is_absolute = source.slice(copied.destination_span).starts_with('/');
        let below = copy
            .workdir
            .as_deref()
            .filter(|_| !is_absolute)
            .and_then(|workdir| path::below(directory, workdir));
        let destination = match below {
            Some("") => "./".to_owned(),
            Some(below) => format!("./{below}/"),
            None => format!("{}/", directory.trim_end_matches('/')),
        };
        if sources.iter().any(|source| source.contains(' ')) {
            format!("{keyword}{flags} {}", json(&sources, &destination))
        } else {
            format!("{keyword}{flags} {} {destination}", sources.join(" "))
        }
    };
    directories.iter().map(written).collect()
}

fn json(sources: &[String], destination: &str) -> String {
    let quoted: Vec<String> = sources
        .iter()
        .map(String::as_str)
        .chain([destination])
        .map(|word| format!("{word:?}"))
        .collect();
    format!("[{}]", quoted.join(", "))
}
