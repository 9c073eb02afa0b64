//! Files made to break a reader. They end because every step takes something away, not because a
//! clock is watched: what would take a quadratic time here would not end today.

use super::*;

fn message(text: &str) -> String {
    read(text)
        .1
        .first()
        .map(|found| found.message.clone())
        .unwrap_or_default()
}

#[test]
fn nesting_is_refused_beyond_a_thousand_levels() {
    let depth = 10_000;
    let block: String = (0..depth)
        .map(|level| format!("{}a:\n", " ".repeat(level % 2_000)))
        .collect();
    for text in [
        "[".repeat(depth),
        "{a: ".repeat(depth),
        "- ".repeat(depth),
        "? ".repeat(depth),
        "[a: ".repeat(depth),
        block,
    ] {
        assert!(message(&text).contains("1,000 levels"), "{}", &text[..20]);
    }
    assert_eq!(message(&("[".repeat(1_000) + &"]".repeat(1_000))), "");
}

#[test]
fn anchors_and_aliases_cost_nothing_each() {
    let many: String = (0..100_000)
        .map(|index| format!("- &a{index} x\n- *a{index}\n"))
        .collect();
    assert_eq!(tree(&many).len(), 200_001);
    let bomb: String = (1..60)
        .map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1))
        .collect();
    assert_eq!(tree(&format!("a0: &a0 x\n{bomb}")).len(), 1 + 2 + 59 * 5);
}

#[test]
fn an_unclosed_collection_of_many_items_is_read_once() {
    assert_eq!(
        message(&format!("a: [{}", "x, ".repeat(300_000))),
        "the file ends before the `[` is closed"
    );
    assert_eq!(
        message(&format!("a: {{{}", "x: y, ".repeat(300_000))),
        "the file ends before the `{` is closed"
    );
}

#[test]
fn a_key_that_is_looked_for_far_behind_its_start_is_found_once() {
    let nested = format!(
        "{}{}{}",
        "[".repeat(400),
        "x, ".repeat(100_000),
        "]: 1".repeat(400)
    );
    assert_eq!(message(&nested), "a list cannot be a key");
}

#[test]
fn runs_of_one_character_are_read_once() {
    for piece in [
        "!", "&", "*", "%", "-", "?", ":", "'", "\"", "\\", "#", "|\n", ">\n", "\t", "-\n", "a\n",
        "? a\n", "\n", " ", "a ", "--- a\n", "...\n", "# c\n", "{}",
    ] {
        read(&piece.repeat(100_000 / piece.len()));
    }
}

#[test]
fn long_scalars_are_read_once() {
    let line = "text 'and' more \\n text\n".repeat(50_000);
    let indented = line.replace('\n', "\n  ");
    for text in [
        format!("a: |\n  {indented}"),
        format!("a: >\n  {indented}"),
        format!("a: {}", indented.replace('#', "")),
        format!("a: \"{line}\""),
    ] {
        let tree = tree(&text);
        let value = tree.root().unwrap().get("a").unwrap();
        let cooked = value.cooked();
        assert!(cooked.as_str().len() > 1_000_000);
        let words = (0..cooked.as_str().len())
            .step_by(100)
            .map(|at| cooked.span_of(at..at + 1).len());
        assert!(words.sum::<u32>() > 0);
    }
}

#[test]
fn many_keys_are_compared_by_their_hash() {
    let keys: String = (0..200_000).map(|index| format!("k{index}: \n")).collect();
    assert_eq!(tree(&keys).root().unwrap().entries().count(), 200_000);
}

#[test]
fn comments_are_looked_ahead_for_only_a_little() {
    read(&format!("a:\n# c{}", "\n\t".repeat(200_000)));
    read(&"# c\n \n \n".repeat(100_000));
}
