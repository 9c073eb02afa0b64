//! Dart: its package manager.

use super::package_manager::{CacheMount, Ecosystem, MANAGER, Manager, VERB, Verb, Write};
use Write::Here;

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Dart,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[Manager {
    name: "pub",
    programs: &["dart", "flutter"],
    verbs: &[Verb {
        commands: &["dart pub get", "flutter pub get"],
        manifests: &["pubspec.yaml", "pubspec.lock?"],
        writes: &[Here(".dart_tool")],
        directory_flags: &["-C", "--directory"],
        ..VERB
    }],
    refreshes: &["run"],
    manifests: &["pubspec.yaml"],
    locks: &["pubspec.lock"],
    fills: &[".dart_tool"],
    cache: CacheMount::None("programs are run out of PUB_CACHE"),
    source: "dart.dev/tools/pub/cmd",
    ..TOOL
}];
