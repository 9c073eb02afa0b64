use composelint::{compose, disk::Disk, workspace::Workspace};
use std::path::Path;
fn main() {
    for root in std::env::args().skip(1) {
        let disk = Disk;
        let ws = Workspace::new(&disk);
        let start = std::time::Instant::now();
        let d = compose::discover(&ws, Path::new(&root));
        println!(
            "== {root}: {} views, {} fragments, {} dockerfiles ({:?})",
            d.views.len(),
            d.fragments.len(),
            d.dockerfiles.len(),
            start.elapsed()
        );
        let rel = |p: &Path| p.strip_prefix(&root).map(|p| p.display().to_string()).unwrap_or(p.display().to_string());
        for v in &d.views {
            let start = std::time::Instant::now();
            let c = compose::load(&ws, v);
            let t = start.elapsed();
            println!(
                "  {:?} {} [{} services, {} active] {:?}{}",
                v.kind,
                v.files.iter().map(|f| rel(f)).collect::<Vec<_>>().join(" + "),
                c.services.len(),
                c.active_services().count(),
                t,
                if c.unread.is_empty() {
                    String::new()
                } else {
                    format!(" UNREAD {:?}", c.unread.iter().map(|u| u.value.clone()).collect::<Vec<_>>())
                }
            );
            for x in &c.diagnostics {
                let s = ws.sources().get(x.span.file);
                let line = s.text()[..x.span.start as usize].matches('\n').count() + 1;
                println!("     ! {}:{line} [{}] {}", rel(s.path()), x.rule, x.message);
            }
        }
        for f in &d.fragments {
            println!("  fragment {}", rel(f));
        }
    }
}
