//! Scripts, and the simple commands that are seen in them.

use proptest::prelude::*;

use super::*;
use crate::text::{CookedBuilder, Source};

fn read(text: &str) -> Script {
    let source = Source::detached(text);
    parse(&Cooked::verbatim(&source, source.whole()))
}

/// A command on one line: depth, `?` when it is conditional, its function, assignments, words in
/// `⟨⟩` where a blank would mislead, redirections, and the operator behind.
fn show(command: &Command) -> String {
    let mut parts = Vec::new();
    if command.depth > 0 || command.conditional {
        parts.push(format!(
            "{}{}",
            command.depth,
            if command.conditional { "?" } else { "" }
        ));
    }
    parts.extend(command.function.iter().map(|name| format!("{name}():")));
    parts.extend(
        command
            .assignments
            .iter()
            .map(|assignment| format!("{}:={}", assignment.name, assignment.value.text.as_str())),
    );
    parts.extend(command.words.iter().map(|word| match word.text.as_str() {
        text if text.is_empty() || text.contains([' ', '\n']) => format!("⟨{text}⟩"),
        text => text.to_owned(),
    }));
    parts.extend(command.redirections.iter().map(|redirection| {
        format!(
            "{}{}",
            redirection.operator,
            redirection.target.text.as_str()
        )
    }));
    parts.push(match command.next {
        Operator::And => "&&".into(),
        Operator::Or => "||".into(),
        Operator::Pipe => "|".into(),
        Operator::Sequence => ";".into(),
        Operator::Background => "&".into(),
        Operator::End => ".".into(),
    });
    parts.join(" ")
}

fn check(text: &str, expected: &[&str]) {
    let shown: Vec<String> = read(text).commands.iter().map(show).collect();
    assert_eq!(shown, expected, "{text:?}");
}

#[test]
fn words_lose_their_quotes() {
    for (text, expected) in [
        ("echo 'a b' \"c d\" e\\ f", "echo ⟨a b⟩ ⟨c d⟩ ⟨e f⟩ ."),
        ("a'b'\"c\"d ''", "abcd ⟨⟩ ."),
        (r#"echo "a\"b\$c\d" 'x\y'"#, r#"echo a"b$c\d x\y ."#),
        ("echo $'a\\nb\\'c' $\"d\"", "echo ⟨a\nb'c⟩ d ."),
        ("a \\\n  b\\\nc \\\r\n d", "a bc d ."),
        ("echo a#b # comment", "echo a#b ."),
        ("a\r\n", "a ;"),
    ] {
        check(text, &[expected]);
    }
}

#[test]
fn expansions_stand_as_written() {
    for (text, expected) in [
        (r#"exec "$@" $1 $HOME/x"#, "exec $@ $1 $HOME/x ."),
        (
            r#"echo $(a "b)" `c`; d) e"#,
            r#"echo ⟨$(a "b)" `c`; d)⟩ e ."#,
        ),
        (
            r#"echo "${A:-it's}" ${B:-'}'} z"#,
            "echo ${A:-it's} ${B:-'}'} z .",
        ),
        (
            "echo $((1 << 2)) `date +%s` b",
            "echo ⟨$((1 << 2))⟩ ⟨`date +%s`⟩ b .",
        ),
        ("diff <(sort a) >(cat) b", "diff ⟨<(sort a)⟩ >(cat) b ."),
        ("echo $ a$", "echo $ a$ ."),
    ] {
        check(text, &[expected]);
    }
}

#[test]
fn a_word_is_literal_when_nothing_in_it_expands() {
    let script = read(r#"a 'b$c*' "d" *.py ~/x $y "$z" \$w a~"#);
    let literal: Vec<bool> = script.commands[0]
        .words
        .iter()
        .map(|word| word.literal)
        .collect();
    assert_eq!(
        literal,
        [true, true, true, false, false, false, false, true, true]
    );
}

#[test]
fn operators_separate_commands() {
    check(
        "a && b || c; d & e | f |& g\nh",
        &[
            "a &&", "0? b ||", "0? c ;", "d &", "e |", "f |", "g ;", "h .",
        ],
    );
    check("a &&\n\n b |\n c\nd", &["a &&", "0? b |", "0? c ;", "d ."]);
}

#[test]
fn redirections_are_no_words() {
    check(
        "a >x 2>&1 <in b &>>log 3<>y",
        &["a b >x 2>&1 <in &>>log 3<>y ."],
    );
    check("a 2 >b", &["a 2 >b ."]);
    check("> out a", &["a >out ."]);
}

#[test]
fn heredocs_are_skipped() {
    check(
        "cat <<EOF >f && b\nif x; then\nEOF\nc",
        &["cat <<EOF >f &&", "0? b ;", "c ."],
    );
    check(
        "cat <<-'E' <<F\n\tx\n\tE\ny\nF\nz",
        &["cat <<-E <<F ;", "z ."],
    );
    check("cat <<< word\nb", &["cat <<<word ;", "b ."]);
    check("cat <<EOF\nnever ends", &["cat <<EOF ;"]);
}

#[test]
fn assignments_stand_before_the_program() {
    check("A=1 B+='x y' c D=2", &["A:=1 B:=x y c D=2 ."]);
    check("A=(1 2) B= cmd 1a=2", &["A:=(1 2) B:= cmd 1a=2 ."]);
    check("./a=b", &["./a=b ."]);
}

#[test]
fn branches_are_conditional_and_conditions_are_not() {
    check(
        "if a; then b; elif c; then d; else e; fi; f",
        &["1 a ;", "1? b ;", "1? c ;", "1? d ;", "1? e ;", "f ."],
    );
    check("while a; do b; done; c", &["1 a ;", "1? b ;", "c ."]);
    check("for x in a b; do c $x; done && d", &["1 c $x ;", "0? d ."]);
    check("for ((i=0;i<3;i++)); do a; done", &["1 a ;"]);
    check(
        "case $1 in a|b) c ;; *) d;; esac; e",
        &["1? c ;", "1? d ;", "e ."],
    );
    check(
        "case $1 in (serve) exec a \"$@\" ;;\n esac",
        &["1? exec a $@ ;"],
    );
}

#[test]
fn groups_count_as_depth() {
    check(
        "(a; b) && { c; d; } | e",
        &["1 a ;", "1 b &&", "1? c ;", "1? d ;", "0? e ."],
    );
    check("a && (b; c); d", &["a &&", "1? b ;", "1? c ;", "d ."]);
    check("( a\n)", &["1 a ;"]);
}

#[test]
fn functions_are_conditional_and_named() {
    check("f() {\n a\n}\nf", &["1? f(): a ;", "f ."]);
    check(
        "function g { if a; then b; fi; }; c",
        &["2? g(): a ;", "2? g(): b ;", "c ."],
    );
    check("f () (a)\nb", &["1? f(): a ;", "b ."]);
}

#[test]
fn tests_and_arithmetic_hide_their_operators() {
    check("[[ a && ( b < c ) ]] && d", &["[[ a b c ]] &&", "0? d ."]);
    check("((a && b)); c", &["c ."]);
    check("! a; [ -f x ] || b", &["a ;", "[ -f x ] ||", "0? b ."]);
}

#[test]
fn what_is_not_closed_ends_with_the_text() {
    check("echo \"a b", &["echo ⟨a b⟩ ."]);
    check("echo 'a", &["echo a ."]);
    check("echo $(a", &["echo $(a ."]);
    check("if a; then b", &["1 a ;", "1? b ."]);
    check("{ a; ( b", &["1 a ;", "2 b ."]);
    check("a; fi; done; } ) b", &["a ;", "b ."]);
    check("a >", &["a ."]);
    check("a \\", &["a \\ ."]);
}

#[test]
fn spans_go_through_two_languages() {
    // A Dockerfile line `RUN a "b c" \<newline> && d` is `a "b c"  && d` to the shell.
    let source = Source::detached("RUN a \"b c\" \\\n && d");
    let mut builder = CookedBuilder::new(source.whole());
    builder.verbatim("a \"b c\" ", 4);
    builder.verbatim(" && d", 14);
    let script = parse(&builder.finish());
    let words: Vec<&str> = script
        .commands
        .iter()
        .flat_map(|command| &command.words)
        .map(|word| source.slice(word.span))
        .collect();
    assert_eq!(words, ["a", "\"b c\"", "d"]);
    assert_eq!(source.slice(script.commands[0].span), "a \"b c\"");
    let quoted = &script.commands[0].words[1];
    assert_eq!(source.slice(quoted.text.span_of(2..3)), "c");
}

#[test]
fn hostile_texts_take_linear_time() {
    for part in [
        "(",
        "$(",
        "${",
        "\"$(",
        "{ ",
        "if a; then ",
        "case a in b) ",
        "`",
        "<<A\n",
        "f() { ",
        ") ",
        "a && (",
        "\\\n",
        "((",
    ] {
        let script = read(&part.repeat(20_000));
        assert!(script.commands.len() <= 40_001, "{part:?}");
    }
    read(&format!(
        "{}{}",
        "{ ".repeat(20_000),
        "fi ) done ".repeat(20_000)
    ));
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "([a-z $\"'`\\\\(){};&|<>#=\\n\\t]|if |then |fi|do |done|case |in |esac|é){0,60}") {
        let source = Source::detached(text.as_str());
        for command in read(&text).commands {
            prop_assert!(source.whole().contains(command.span));
            for word in &command.words {
                prop_assert!(source.whole().contains(word.span) && command.span.contains(word.span));
                prop_assert!(text.get(word.span.range()).is_some());
            }
        }
    }
}
