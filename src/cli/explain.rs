//! `composelint explain` and `composelint rules`: what the rules say of themselves.

use serde::Serialize;

use super::{Setting, Status, find_rule};
use crate::diagnostic::{RuleInfo, Safety};
use crate::report::Format;
use crate::rules;

/// Prints the documents of these rules.
pub(super) fn rules(setting: &Setting, names: &[String]) -> anyhow::Result<Status> {
    let found = names
        .iter()
        .map(|name| find_rule(name))
        .collect::<anyhow::Result<Vec<_>>>()?;
    setting.print(true, |out| {
        for (number, rule) in found.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            let heading = format!("# {}\n", rule.id);
            let body = rule
                .document
                .trim()
                .strip_prefix(&heading)
                .unwrap_or(rule.document)
                .trim();
            writeln!(
                out,
                "{heading}\n{}\n({}, {}, since {})\n\n{body}",
                rule.title,
                rule.severity.as_str(),
                fix_of(rule),
                rule.since
            )?;
        }
        Ok(())
    })?;
    Ok(Status::Clean)
}

/// Prints the table of all rules.
pub(super) fn list(setting: &Setting) -> anyhow::Result<Status> {
    let rules = rules::infos();
    if setting.format == Format::Json {
        let rows: Vec<Row> = rules.iter().map(Row::new).collect();
        setting.print(false, |out| {
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            writeln!(out)
        })?;
        return Ok(Status::Clean);
    }
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    setting.print(true, |out| {
        let mut group = "";
        for (rule, row) in rules.iter().zip(rules::all()) {
            if row.group != group {
                let gap = if group.is_empty() { "" } else { "\n" };
                writeln!(out, "{gap}{}", row.group)?;
                group = row.group;
            }
            let off = if rule.is_default { "" } else { " (off by default)" };
            writeln!(out, "  {:width$}  {:7}  {:10}  {}{off}", rule.id, rule.severity.as_str(), fix_of(rule), rule.title)?;
        }
        let count = |of: fn(&RuleInfo) -> bool| rules.iter().filter(|rule| of(rule)).count();
        let (all, on, fixed) = (rules.len(), count(|rule| rule.is_default), count(|rule| rule.fix.is_some()));
        writeln!(out, "\n{all} rules, {on} of them on by default, {fixed} with a fix; `composelint explain RULE` tells more of one")
    })?;
    Ok(Status::Clean)
}

fn fix_of(rule: &RuleInfo) -> &'static str {
    match rule.fix {
        Some(Safety::Safe) => "safe fix",
        Some(Safety::Unsafe) => "unsafe fix",
        Some(Safety::Suggest) => "suggestion",
        None => "no fix",
    }
}

#[derive(Serialize)]
struct Row {
    id: &'static str,
    title: &'static str,
    severity: &'static str,
    fix: Option<&'static str>,
    since: &'static str,
    aliases: &'static [&'static str],
    url: String,
}

impl Row {
    fn new(rule: &'static RuleInfo) -> Self {
        Row {
            id: rule.id,
            title: rule.title,
            severity: rule.severity.as_str(),
            fix: rule.fix.map(|safety| safety.as_str()),
            since: rule.since,
            aliases: &rule.aliases,
            url: rule.url(),
        }
    }
}
