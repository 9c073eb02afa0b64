//! What a finding about an edit says: the chain that stops, and what to type until it is mended.

use std::path::{Path, PathBuf};

use super::chain::{Chain, Link, LinkName};
use super::commands;
use crate::diagnostic::Remedy;
use crate::process::Process;
use crate::project::Service;

/// A chain that stops before an edit takes effect.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The chain.
    pub chain: Chain,
    /// The link at which it stops.
    pub link: LinkName,
    /// What to type so that an edit takes effect all the same.
    pub command: Option<String>,
}

impl Verdict {
    /// The verdict on an edit of a path, where a chain stops at one of these links: of several the
    /// dearest. `None` where none of them does.
    pub fn of(service: Service<'_>, host: &Path, links: &[LinkName]) -> Option<Verdict> {
        Verdict::choose(service, super::chains(service, host), links)
    }

    /// The verdict on an edit of the code of a process.
    pub fn of_code(service: Service<'_>, process: &Process, links: &[LinkName]) -> Option<Verdict> {
        let mut chains = super::chains_of_code(service);
        let own = process.words().join(" ");
        chains.retain(|chain| chain.process == own);
        Verdict::choose(service, chains, links)
    }

    fn choose(service: Service<'_>, chains: Vec<Chain>, links: &[LinkName]) -> Option<Verdict> {
        let mut found: Option<Verdict> = None;
        for chain in chains {
            let Some(link) = stops_at(&chain).filter(|link| links.contains(link)) else {
                continue;
            };
            let is_dearer = found
                .as_ref()
                .is_none_or(|known| known.chain.action < chain.action);
            if is_dearer {
                let command = commands::command_of(service, &chain);
                found = Some(Verdict {
                    chain,
                    link,
                    command,
                });
            }
        }
        found
    }

    /// What is needed until the cause is mended, as a sentence without a full stop. `what` is the
    /// edit that needs it.
    pub fn until_then(&self, what: &str) -> String {
        let Some(command) = &self.command else {
            return format!("Until then nothing brings {what} into the container");
        };
        let restart = if self.chain.action.builds() {
            "; `docker compose restart` is not enough, even after a build"
        } else {
            ""
        };
        format!("Until then {what} needs `{command}`{restart}")
    }

    /// The same as plain data.
    pub fn remedy(&self) -> Remedy {
        Remedy {
            path: self.chain.host.as_ref().map(PathBuf::from),
            link: self.link.as_str(),
            action: self.chain.action.name(),
            command: self.command.clone(),
        }
    }
}

/// The link at which a chain stops: the broken one that decides, or else the first that nobody
/// knows to hold.
fn stops_at(chain: &Chain) -> Option<LinkName> {
    if let Some((link, _)) = chain.broken() {
        return Some(link);
    }
    let links = chain.links();
    let unknown = links
        .iter()
        .find(|(_, link)| matches!(link, Link::Unknown(_)));
    unknown.map(|(name, _)| *name)
}
