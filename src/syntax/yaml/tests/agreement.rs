//! The files of `fixtures/yaml` and what Docker Compose says of them.

use std::fs;
use std::path::PathBuf;

use super::*;

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/yaml")
}

struct Verdict {
    file: String,
    text: String,
    accepted: bool,
    /// The first and the last line of the reference's error, from 1.
    lines: Option<(u32, u32)>,
    words: String,
}

fn verdicts() -> Vec<Verdict> {
    let table = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [file, verdict, lines, words] = row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        Verdict {
            file: file.to_owned(),
            text: fs::read_to_string(fixtures().join(file)).unwrap(),
            accepted: verdict == "accepted",
            lines: first.parse().ok().zip(last.parse().ok()),
            words: words.to_owned(),
        }
    })
    .collect()
}

#[test]
fn every_file_is_accepted_or_refused_as_the_reference_does() {
    let wrong: Vec<_> = verdicts()
        .into_iter()
        .filter_map(|verdict| {
            let diagnostics = read(&verdict.text).1;
            (diagnostics.is_empty() != verdict.accepted)
                .then(|| format!("{}: {} {diagnostics:#?}", verdict.file, verdict.words))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The reference tells where the thing began that it was reading, and where it stopped. Ours points
/// at the one that helps more.
#[test]
fn the_first_error_lies_on_a_line_that_the_reference_names() {
    let mut compared = 0;
    for verdict in verdicts() {
        let Some((first, last)) = verdict.lines else {
            continue;
        };
        // The reference counts a line for U+0085 and U+2028, as YAML 1.1 does. Editors and
        // composelint do not.
        if matches!(verdict.file.as_str(), "nel.yaml" | "ls.yaml") {
            continue;
        }
        let (tree, diagnostics) = read(&verdict.text);
        let line = tree.source().lines().line(diagnostics[0].span.start) + 1;
        assert!(
            line == first || line == last,
            "{}: line {line}, {}",
            verdict.file,
            verdict.words
        );
        compared += 1;
    }
    assert!(compared > 50);
}

#[test]
fn the_messages_are_these() {
    let mut messages = String::new();
    for verdict in verdicts().iter().filter(|verdict| !verdict.accepted) {
        let (tree, diagnostics) = read(&verdict.text);
        for found in diagnostics {
            let lines = tree.source().lines();
            let mark = |span: Span| {
                format!(
                    "{}: {:?}",
                    lines.line(span.start) + 1,
                    tree.source().slice(span)
                )
            };
            messages += &format!("{} {} | {}", verdict.file, mark(found.span), found.message);
            for label in found.labels {
                messages += &format!(" | {} {}", mark(label.span), label.message);
            }
            messages.push('\n');
        }
    }
    insta::assert_snapshot!(messages, @r##"
    alias_colon.yaml 1: ":" | a `:` with a space behind it is not allowed here: put quotes around the text or the key on its own line | 1: "&a" this would be a key inside a value
    at.yaml 3: "@x" | a value cannot begin with `@`: put quotes around it
    backtick.yaml 3: "`x`" | a value cannot begin with a backquote: put quotes around it
    bad_escape.yaml 3: "\\d" | `\d` is no escape that YAML knows: double the backslash
    bad_escape2.yaml 3: "\\." | `\.` is no escape that YAML knows: double the backslash
    bad_indent.yaml 4: "user: y" | this line is not part of the mapping above: its indentation fits nothing | 2: "a" the keys of the mapping begin in this column
    bad_indent_more.yaml 4: ":" | this line reads as part of the text above, so a `:` is not allowed in it | 3: "x" the text begins here
    bad_indent_seq.yaml 6: "- \"2\"" | this line is not part of the mapping above: its indentation fits nothing | 3: "i" the keys of the mapping begin in this column
    colon_in_plain.yaml 4: ":" | a `:` with a space behind it is not allowed here: put quotes around the text or the key on its own line | 4: "echo a" this would be a key inside a value
    ctrl.yaml 3: "\u{1}" | the control character U+0001 is not allowed in a file: take it out
    ctrl_comment.yaml 2: "\u{7}" | the control character U+0007 is not allowed in a file: take it out
    curly_var.yaml 3: "{x}" | a mapping cannot be a key
    directive12.yaml 1: "%YAML 1.2" | only YAML 1.1 is read: take this line out
    directive13.yaml 1: "%YAML 1.3" | only YAML 1.1 is read: take this line out
    doc_end_garbage.yaml 5: "garbage: [" | the document ended before this; a new one begins with `---`
    dollar_flow.yaml 1: "{" | `,` or `}` is missing before this | 1: "{" inside of this
    dollar_flow_def.yaml 4: "{" | `,` or `]` is missing before this | 4: "[" inside of this
    dq_multi_key.yaml 3: ":" | this line reads as part of the text above, so a `:` is not allowed in it | 2: "\"" the text begins here
    dup_key.yaml 4: "image" | `image` is set twice in this mapping | 3: "image" first set here
    dup_merge.yaml 6: "<<" | `<<` is set twice in this mapping | 5: "<<" first set here
    dup_service.yaml 4: "a" | `a` is set twice in this mapping | 2: "a" first set here
    ellipsis_in.yaml 4: "\"" | this `"` is not closed before the document ends | 5: "..." the document ends here
    esc_comment.yaml 2: "\u{1b}" | the control character U+001B is not allowed in a file: take it out
    flow_double_comma.yaml 4: "," | a value is missing here
    flow_plain_adj.yaml 1: "{" | `,` or `}` is missing before this | 1: "{" inside of this
    key_nospace2.yaml 4: ":" | this line reads as part of the text above, so a `:` is not allowed in it | 3: "i" the text begins here
    literal_blank_more.yaml 6: "a" | this line is not part of the mapping above: its indentation fits nothing | 3: "i" the keys of the mapping begin in this column
    literal_hdr_0.yaml 4: "0" | the indentation of a text cannot be 0: leave the digit out, or write one from 1 to 9
    literal_hdr_bad.yaml 4: "x" | only `+`, `-`, a digit or a comment may follow on the line of a `|` or `>` | 4: "|" the text begins here
    literal_less.yaml 5: "a" | this line is not part of the mapping above: its indentation fits nothing | 2: "a" the keys of the mapping begin in this column
    literal_noindent.yaml 5: "a" | `a` is not followed by a `:`, though only a key can stand here
    ls.yaml 3: "y" | `y` is not followed by a `:`, though only a key can stand here
    merge_undefined.yaml 3: "*nope" | no anchor `&nope` is defined before this alias
    multi_line_key.yaml 3: ":" | this line reads as part of the text above, so a `:` is not allowed in it | 2: "a" the text begins here
    nel.yaml 3: "y" | `y` is not followed by a `:`, though only a key can stand here
    nul.yaml 3: "\0" | the control character U+0000 is not allowed in a file: take it out
    null_key.yaml 2: ":" | a key is missing before this `:`
    percent.yaml 4: "%x" | a value cannot begin with `%`: put quotes around it
    self_alias.yaml 4: "*a" | this alias stands for a node that it is part of, which never ends | 2: "&a" the node begins here
    seq_in_map_sameline.yaml 4: "-" | a list item cannot begin here: put it on a line of its own
    seq_key.yaml 2: "[a]" | a list cannot be a key
    slash_esc.yaml 3: "\\/" | `\/` is no escape that YAML knows: double the backslash
    star_glob.yaml 4: "*.log" | no anchor `&.log` is defined before this alias
    surrogate.yaml 3: "\\" | this escape names no character: write the character itself
    tab_after_dash.yaml 5: "\t" | a tab is used for indentation; YAML wants spaces
    tab_after_spaces_indent.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tab_blank_line.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tab_blank_line_sp.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tab_comment_line.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tab_dash_map.yaml 5: "\t" | a tab is used for indentation; YAML wants spaces
    tab_indent.yaml 2: "\t" | a tab is used for indentation; YAML wants spaces
    tab_indent.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tab_lead_literal.yaml 5: "\t" | a tab is used for the indentation of this text; YAML wants spaces | 4: "|" the text begins here
    tab_plain_cont0.yaml 5: "\t" | a tab is used for indentation; YAML wants spaces
    tab_sp_comment_line.yaml 3: "\t" | a tab is used for indentation; YAML wants spaces
    tag_bad_handle.yaml 3: "!x!y" | this tag begins with a handle that no `%TAG` defines
    text_after_dq.yaml 3: "y" | `y` is too much here: the value has ended before
    text_after_flow.yaml 3: "y" | `y` is too much here: the value has ended before
    unclosed_dq.yaml 3: "\"" | this `"` is never closed
    unclosed_flow.yaml 4: "[" | this `[` is not closed | 5: "u" `,` or `]` should come before this
    unclosed_map.yaml 3: ":" | `,` or `}` is missing before this | 2: "{" inside of this
    unclosed_sq.yaml 3: "'" | this `'` is never closed
    undefined_alias.yaml 2: "*nope" | no anchor `&nope` is defined before this alias
    "##);
}
