//! An address in a service's environment whose host is nothing that its container can find.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::network::{self, Address};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::text::closest;

const ID: &str = "unknown-host";

/// Words in names that stand for something the reader is to put in, and names that mean the
/// container or its host.
const NO_NAMES: [&str; 22] = [
    "example",
    "your",
    "change",
    "replace",
    "placeholder",
    "dummy",
    "fake",
    "todo",
    "xxx",
    "none",
    "null",
    "undefined",
    "user",
    "username",
    "password",
    "host",
    "hostname",
    "localhost",
    "broadcasthost",
    "server",
    "domain",
    "test",
];

/// Looks at the addresses of every service. Names with a dot may be those of the internet.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for address in network::addresses(service) {
            let host = address.host.as_str();
            let may_be_one = host.starts_with(|c: char| c.is_ascii_alphabetic())
                && !host.contains('.')
                && host.len() > 1;
            let lower = host.to_ascii_lowercase();
            let is_none = NO_NAMES.iter().any(|word| {
                lower == *word || word.len() > 4 && lower.contains(word) && *word != "server"
            });
            if may_be_one && !is_none && !network::may_know_host(project, service, host) {
                findings.push(report(project, service, &address));
            }
        }
    }
}

fn report(project: &Project<'_>, service: Service<'_>, address: &Address) -> Diagnostic {
    let (name, host) = (service.name(), address.host.as_str());
    let message =
        format!("`{name}` looks for `{host}`, which is no service, alias or host of this project");
    let finding = Diagnostic::new(ID, address.span, message)
        .note("nothing answers to this name")
        .service(name);
    let others = project
        .services()
        .map(Service::name)
        .filter(|other| *other != name);
    let similar = closest(host, others).or_else(|| runs_image(project, service, host));
    let Some(similar) = similar else {
        let help = format!(
            "Write the name of a service, or add `{host}` to this project; a server outside of it: `extra_hosts` or its full name"
        );
        return finding.help(help);
    };
    let edits = vec![Edit::replace(address.span, similar)];
    let fix = address.is_exact.then(|| Fix {
        title: format!("Write `{similar}`"),
        safety: Safety::Unsafe,
        edits,
    });
    finding.help(format!("Did you mean `{similar}`?")).fix(fix)
}

/// The one other service that runs an image of that name: `db`, where `postgres` is written.
fn runs_image<'p>(project: &'p Project<'_>, service: Service<'p>, name: &str) -> Option<&'p str> {
    let is_of = |image: &str| {
        name == image
            .rsplit('/')
            .next()
            .and_then(|image| image.split([':', '@']).next())
            .unwrap_or_default()
    };
    let runs = |other: &Service<'_>| {
        other
            .spec()
            .image
            .as_ref()
            .is_some_and(|image| is_of(&image.value))
    };
    let mut found = project
        .services()
        .filter(|other| other.name() != service.name())
        .filter(runs);
    found
        .next()
        .filter(|_| found.next().is_none())
        .map(Service::name)
}
