//! Text of a terminal, with its colours, to an SVG image. The same text gives the same bytes.

use std::fmt::Write;

const FONT_SIZE: f32 = 13.0;
/// Width of a character in the usual monospace fonts, as a part of the font size.
const CHARACTER: f32 = FONT_SIZE * 0.602;
const LINE: f32 = 18.0;
const MARGIN: f32 = 16.0;
/// Longer lines go on in the next one, as in a terminal of this width, but between words.
const COLUMNS: usize = 110;

/// The eight colours of a terminal on a light and on a dark ground, named after their first letters
/// in the SVG.
const COLOURS: [(&str, &str, &str); 8] = [
    ("k", "#59636e", "#9198a1"),
    ("r", "#cf222e", "#ff7b72"),
    ("g", "#116329", "#7ee787"),
    ("y", "#9a6700", "#e3b341"),
    ("b", "#0550ae", "#79c0ff"),
    ("m", "#8250df", "#d2a8ff"),
    ("c", "#0f6b74", "#56d4dd"),
    ("w", "#1f2328", "#e6edf3"),
];

/// Draws `text`, which may hold SGR sequences. `title` is what a screen reader says.
pub(super) fn draw(text: &str, title: &str) -> String {
    let lines: Vec<Vec<Run>> = lines(text).into_iter().flat_map(wrap).collect();
    let columns = lines
        .iter()
        .map(|line| {
            line.last()
                .map_or(0, |run| run.column + run.text.chars().count())
        })
        .max()
        .unwrap_or(0);
    let (width, height) = (
        columns as f32 * CHARACTER + 2.0 * MARGIN,
        lines.len() as f32 * LINE + 2.0 * MARGIN,
    );

    let mut svg = String::new();
    let mut put = |line: String| writeln!(svg, "{line}").expect("a string takes all text");
    put(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-label="{title}">"#,
        title = escape(title)
    ));
    put(format!("<title>{}</title>", escape(title)));
    put(style());
    put(format!(
        r#"<rect class="ground" width="{width:.0}" height="{height:.0}" rx="8"/>"#
    ));
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + LINE * (row as f32 + 0.75);
        for run in line.iter().filter(|run| !run.text.trim().is_empty()) {
            let text = run.text.trim_start();
            let indented = run.text.chars().count() - text.chars().count();
            let x = MARGIN + CHARACTER * (run.column + indented) as f32;
            // The length is given, so that columns stay in line in whatever font the reader has.
            let text = text.trim_end();
            let length = CHARACTER * text.chars().count() as f32;
            put(format!(
                r#"<text x="{x:.1}" y="{y:.1}" textLength="{length:.1}"{}>{}</text>"#,
                class(run),
                escape(text)
            ));
        }
    }
    put("</svg>".to_owned());
    svg
}

fn style() -> String {
    let mut rules = vec![
        format!(
            "text {{ font: {FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; fill: #1f2328 }}"
        ),
        ".ground { fill: #ffffff; stroke: #d1d9e0 } .bold { font-weight: 600 }".to_owned(),
    ];
    rules.extend(COLOURS.map(|(name, light, _)| format!(".{name} {{ fill: {light} }}")));
    let dark: Vec<String> = COLOURS
        .map(|(name, _, dark)| format!(".{name} {{ fill: {dark} }}"))
        .to_vec();
    rules.push(format!(
        "@media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .ground {{ fill: #0d1117; stroke: #3d444d }} {} }}",
        dark.join(" ")
    ));
    format!("<style>\n{}\n</style>", rules.join("\n"))
}

/// Characters of one look.
#[derive(Debug, Default, PartialEq)]
struct Run {
    column: usize,
    text: String,
    bold: bool,
    colour: Option<usize>,
}

fn class(run: &Run) -> String {
    let names: Vec<&str> = run
        .bold
        .then_some("bold")
        .into_iter()
        .chain(run.colour.map(|colour| COLOURS[colour].0))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(r#" class="{}""#, names.join(" "))
    }
}

fn lines(text: &str) -> Vec<Vec<Run>> {
    let (mut bold, mut colour) = (false, None);
    let mut lines = Vec::new();
    for line in text.trim_end().lines() {
        let mut runs: Vec<Run> = Vec::new();
        let mut column = 0;
        let mut rest = line;
        while !rest.is_empty() {
            if let Some(sequence) = rest.strip_prefix("\x1b[") {
                let (codes, after) = sequence
                    .split_once('m')
                    .expect("only colours are written to the picture");
                (bold, colour) = look(codes, bold, colour);
                rest = after;
                continue;
            }
            let (text, after) = rest.split_at(rest.find('\x1b').unwrap_or(rest.len()));
            runs.push(Run {
                column,
                text: text.to_owned(),
                bold,
                colour,
            });
            column += text.chars().count();
            rest = after;
        }
        lines.push(runs);
    }
    lines
}

/// Breaks a line between words, and indents what follows to the text of a note (`  = help: `).
fn wrap(line: Vec<Run>) -> Vec<Vec<Run>> {
    let text: String = line.iter().map(|run| run.text.as_str()).collect();
    let blanks = text
        .chars()
        .take_while(|character| *character == ' ')
        .count();
    let indent = if text[blanks..].starts_with("= ") {
        blanks + 2
    } else {
        blanks
    };
    let mut wrapped = vec![Vec::new()];
    let mut column = 0;
    for run in line {
        for word in run.text.split_inclusive(' ') {
            if column + word.trim_end().chars().count() > COLUMNS && column > indent {
                wrapped.push(Vec::new());
                column = indent;
            }
            let width = word.chars().count();
            let last = wrapped.last_mut().expect("it starts with one line");
            match last.last_mut() {
                Some(Run {
                    text, bold, colour, ..
                }) if (*bold, *colour) == (run.bold, run.colour) => text.push_str(word),
                _ => last.push(Run {
                    column,
                    text: word.to_owned(),
                    ..run
                }),
            }
            column += width;
        }
    }
    wrapped
}

/// The look after the SGR `codes`, which are separated by semicolons.
fn look(codes: &str, mut bold: bool, mut colour: Option<usize>) -> (bool, Option<usize>) {
    let mut codes = codes
        .split(';')
        .map(|code| code.parse::<usize>().unwrap_or(0));
    while let Some(code) = codes.next() {
        match code {
            0 => (bold, colour) = (false, None),
            1 => bold = true,
            22 => bold = false,
            30..=37 => colour = Some(code - 30),
            90..=97 => colour = Some(code - 90),
            39 => colour = None,
            // A colour by its number: `38;5;n`, of which the first sixteen are the named ones, dim
            // and bright.
            38 => colour = codes.nth(1).map(|number| number % 8),
            _ => {}
        }
    }
    (bold, colour)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[test]
fn long_lines_are_broken_between_words() {
    let line = format!("  = help: {} end", "word ".repeat(20));
    let columns: Vec<usize> = lines(&line)
        .into_iter()
        .flat_map(wrap)
        .map(|line| line[0].column)
        .collect();
    assert_eq!(columns, [0, 4]);
}

#[test]
fn colours_become_classes_and_text_is_escaped() {
    let svg = draw(
        "\x1b[0m\x1b[1m\x1b[38;5;9merror\x1b[0m: a < b\n  ok\n",
        "a & b",
    );
    assert!(
        svg.contains(r#"textLength="39.1" class="bold r">error</text>"#),
        "{svg}"
    );
    assert!(svg.contains(r#">: a &lt; b</text>"#), "{svg}");
    assert!(svg.contains("<title>a &amp; b</title>"), "{svg}");
    assert_eq!(
        svg,
        draw(
            "\x1b[0m\x1b[1m\x1b[38;5;9merror\x1b[0m: a < b\n  ok\n",
            "a & b"
        )
    );
}
