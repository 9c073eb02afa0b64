//! Patterns and paths. The rows follow what moby's patternmatcher says.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> (Patterns, Vec<Diagnostic>) {
    parse(&Source::detached(text))
}

/// The patterns of `file`, one a line, ignore all of `ignored` and none of `kept`.
#[track_caller]
fn check(file: &str, ignored: &[&str], kept: &[&str]) {
    let (patterns, diagnostics) = read(file);
    assert_eq!(diagnostics, []);
    for path in ignored {
        assert!(patterns.is_ignored(path), "{file:?} must ignore {path:?}");
    }
    for path in kept {
        assert!(!patterns.is_ignored(path), "{file:?} must keep {path:?}");
    }
}

#[test]
fn plain_patterns_are_anchored_and_cover_what_lies_below() {
    check(
        "foo",
        &["foo", "foo/bar", "foo/bar/baz"],
        &["x/foo", "foobar", "fo"],
    );
    check("/foo/bar", &["foo/bar", "foo/bar/x"], &["foo", "foo/barx"]);
    check("abc.def", &["abc.def"], &["abcdef", "abcZdef"]);
    check("a.|)$(}+{bc", &["a.|)$(}+{bc"], &["abc"]);
    check("./a//b/../c/", &["a/c"], &["a/b"]);
    check(".", &[], &[".", "", "a"]);
    check("../x\n/", &[], &["x", "a"]);
    check("/ a\n!b/../c", &["a"], &["c"]);
}

#[test]
fn a_star_stays_within_a_directory() {
    check("*", &["a", ".a", "a/b"], &[]);
    check("*.txt", &["a.txt", ".txt"], &["a/b.txt", "a.txt2"]);
    check("a*/b", &["abc/b"], &["a/c/b", "a/bc"]);
    check(
        "a*b*c*d*e*/f",
        &["axbxcxdxe/f", "axbxcxdxexxx/f"],
        &["axbxcxdxe/xxx/f", "axbxcxdxexxx/fff"],
    );
    check("a*b?c*x", &["abxbbxdbxebxczzx"], &["abxbbxdbxebxczzy"]);
    check("*x", &["xxx"], &["xxy"]);
    check(".*", &[".foo", ".git/HEAD"], &["foo"]);
    check(
        "dist/*.whl",
        &["dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl"],
        &["dist/x/a.whl"],
    );
}

#[test]
fn a_question_mark_is_one_character() {
    check("a?b", &["a☺b", "axb"], &["ab", "a/b"]);
    check("a???b", &[], &["a☺b"]);
}

#[test]
fn two_stars_cross_directories() {
    check("**", &["a", "a/b", "/"], &[]);
    check("**/", &["a", "a/b"], &[]);
    check("**/**", &["a", "a/b"], &[]);
    check("dir/**", &["dir/file", "dir/dir2/file"], &["dir", "dirx"]);
    check(
        "**/dir",
        &["dir", "dir/file", "a/b/dir", "a/dir/b"],
        &["adir", "a/dirb"],
    );
    check("**file", &["file", "dir/file", "a/b/xfile"], &["filex"]);
    check("**/.foo", &[".foo"], &["bar.foo"]);
    check(
        "**/foo/bar",
        &["foo/bar", "dir/dir2/foo/bar"],
        &["foo", "xfoo/bar"],
    );
    check(
        "**/file*.txt",
        &["file.txt", "dir/dir/file2.txt"],
        &["dir/afile.txt"],
    );
    check(
        "**/**/*.txt",
        &["file.txt", "dir/dir/file.txt"],
        &["file.txt2"],
    );
    check(
        "**/dir2/**",
        &["dir/dir2/dir3/file", "dir2/a"],
        &["dir/dir2"],
    );
    check(
        "a**/*.txt",
        &["a/file.txt", "a/dir/dir/file.txt"],
        &["b/file.txt"],
    );
    check("a/*.txt**", &["a/file.txt"], &["a/file.tx"]);
    check("a/**/b", &["a/b", "a/x/b", "a/x/y/b/c"], &["ab", "a/xb"]);
    check("foo**", &["foo", "foobar", "foo/bar"], &["xfoo"]);
    check(
        "**/node_modules\n**/*.pyc",
        &["node_modules/a", "web/node_modules/a/b.js", "x/y.pyc"],
        &["node_modules2/a"],
    );
}

#[test]
fn classes_hold_ranges() {
    check("a[b-d]e", &["ace"], &["ae", "aae"]);
    check("a[^b-d]e", &["aze"], &["ace"]);
    check("ab[^e-g]\n[a-ζ]*", &["abc", "α"], &["A"]);
    check("[x\\-]\n[\\]q]", &["x", "-", "]", "q"], &["z"]);
    check("*.py[co]", &["a.pyc", "a.pyo"], &["a.py"]);
}

#[test]
fn a_backslash_takes_the_meaning_from_the_next_character() {
    check("a\\*b", &["a*b"], &["ab", "axb"]);
    check("a\\\\", &["a\\"], &["a"]);
    check("\\!x\n\\#y", &["!x", "#y"], &["x"]);
}

#[test]
fn the_last_match_wins() {
    check(
        "**\n!util/docker/web",
        &["util/docker"],
        &["util/docker/web/foo", "util/docker/web"],
    );
    check(
        "**\n!util/docker/web\nutil/docker/web/foo",
        &["util/docker/web/foo"],
        &["util/docker/web/bar"],
    );
    check(
        "*\n!*.py\n!front/*",
        &["a.txt", "x/a.py"],
        &["a.py", "front/a/b"],
    );
    check("!a\na", &["a"], &[]);
    let (patterns, _) = read("docs\n! /docs/README.md  ");
    assert_eq!(
        patterns
            .decide("docs/README.md/x")
            .map(|pattern| pattern.text.as_str()),
        Some("docs/README.md")
    );
    assert!(patterns.decide("src").is_none());
}

#[test]
fn comments_start_in_the_first_column() {
    let source = Source::detached("\u{feff}# c\r\n a \r\n\t\n #b\n");
    let (patterns, _) = parse(&source);
    let texts: Vec<(&str, &str)> = patterns
        .iter()
        .map(|pattern| (pattern.text.as_str(), source.slice(pattern.span)))
        .collect();
    assert_eq!(texts, [("a", "a"), ("#b", "#b")]);
}

#[test]
fn what_is_taken_back_must_have_been_ignored_there() {
    check("**/*.log\n!logs", &["logs/x.log", "x.log"], &["logs"]);
    check("**/*.log\n!logs/*", &["x.log"], &["logs/x.log"]);
    check("x*\n!xy/k\nxy", &["xy", "xy/a"], &["xy/k"]);
    check("x*\nxy\n!xy/k", &["xy/a"], &["xy/k", "xy/k/a"]);
    check("/!a\na", &["a"], &[]);
}

#[test]
fn what_the_reference_does_not_escape_means_what_it_means_to_go() {
    check("?a|b*", &["xa", "xay", "cab"], &["a", "c"]);
    check("[a-c]{2}", &["ab"], &["a", "abc", "a{2}"]);
    check("a{*", &["a{b"], &["ab"]);
    check("*^a", &[], &["^a", "xa"]);
    check("\\d\\w.txt", &["1_.txt"], &["d_.txt"]);
    check(
        "[\\d_]x\n[[:alpha:]x]y\n\\x41\\101",
        &["1x", "_x", "ay", "AA"],
        &["ax", "1y"],
    );
    check("x\\Qa*b\\E?", &["xa[^/]*bc"], &["xab"]);
    check("a[*]b", &["a]b", "a[^]b"], &["a*b"]);
    check("a\nfoo|bar", &["foo|bar"], &["foo", "bar"]);
    check("\\pL.txt", &["ä.txt"], &["1.txt"]);
}

#[test]
fn patterns_that_cannot_be_read_are_reported() {
    let (patterns, diagnostics) =
        read("ok\n[\n!\n[]a]\n[x-]\na\\\n! /\n[a-b-c]\n[^bc\n[b-a]\n\\y\na*{2}\n/../!\n");
    let messages: Vec<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`[` is no valid pattern: `[` is never closed",
            "`!` takes nothing back: a pattern must follow it",
            "`[]a]` is no valid pattern: `[…]` may not hold `-` or `]` without a backslash",
            "`[x-]` is no valid pattern: `[…]` may not hold `-` or `]` without a backslash",
            "`a\\` is no valid pattern: it ends with a backslash",
            "`!` takes nothing back: a pattern must follow it",
            "`[a-b-c]` is no valid pattern: `[…]` may not hold `-` or `]` without a backslash",
            "`[^bc` is no valid pattern: `[` is never closed",
            "`[b-a]` is no valid pattern: a range in `[…]` ends before it begins",
            "`\\y` is no valid pattern: a backslash stands before a character that it gives no meaning",
            "`a*{2}` is no valid pattern: one repetition follows another",
            "`!` takes nothing back: a pattern must follow it",
        ]
    );
    assert!(patterns.is_ignored("ok"));
}

#[test]
fn a_pattern_that_no_path_comes_to_is_not_reported() {
    assert_eq!(read("*\n[b-a]\n").1, []);
    assert_eq!(read("!a*\\y\n").1, []);
    assert_eq!(read("*\n!a\n[b-a]\n").1.len(), 1);
}

#[test]
fn a_line_may_be_too_long() {
    assert_eq!(read(&"a".repeat(65_535)).1, []);
    assert_eq!(read(&format!("b\n# {}\n", "a".repeat(65_534))).1.len(), 1);
}

#[test]
fn stars_do_not_make_a_pattern_slow() {
    let (patterns, _) = read(&format!("{}b\n{}b", "a*".repeat(200), "**/a*".repeat(100)));
    assert!(!patterns.is_ignored(&"a/".repeat(100)));
    assert!(!patterns.is_ignored(&"a".repeat(1000)));
}

proptest! {
    #[test]
    fn any_text_has_its_spans_inside(text in "[ab*?/!#.\\[\\]^\\\\ é\\n\\r-]{0,40}", path in "[ab/.é]{0,10}") {
        let source = Source::detached(text.as_str());
        let (patterns, diagnostics) = parse(&source);
        patterns.is_ignored(&path);
        prop_assert!(patterns.iter().all(|pattern| source.whole().contains(pattern.span)));
        prop_assert!(diagnostics.iter().all(|diagnostic| source.whole().contains(diagnostic.span)));
    }
}
