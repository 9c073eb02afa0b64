use super::*;

/// The makefile in a short form: assignments as `name op value`, rules as `targets: prerequisites`
/// over their lines.
fn check(text: &str, expected: &[&str]) {
    let makefile = parse(&Source::detached(text));
    let mut lines = Vec::new();
    for variable in &makefile.variables {
        let scope = if variable.targets.is_empty() {
            String::new()
        } else {
            format!("{}: ", variable.targets.join(" "))
        };
        lines.push(format!(
            "{scope}{} {} {}",
            variable.name,
            variable.operator,
            variable.value.as_str()
        ));
    }
    let names = |names: &[(String, Span)]| {
        names
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for rule in &makefile.rules {
        lines.push(
            format!("{}: {}", names(&rule.targets), names(&rule.prerequisites))
                .trim_end()
                .to_owned(),
        );
        for line in &rule.recipe {
            let marks = [(line.silent, "@"), (line.errors_ignored, "-")];
            let marks: String = marks
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, mark)| *mark)
                .collect();
            lines.push(format!("  {marks}{}", line.text.as_str()));
        }
    }
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn a_rule_has_targets_prerequisites_and_recipe_lines_without_their_prefixes() {
    check(
        "up dev: build | net ## Start\n\t@-docker compose up\n\n\techo done # shell\n",
        &[
            "up dev: build net",
            "  @-docker compose up",
            "  echo done # shell",
        ],
    );
    check(
        "up: ; @docker compose up\n",
        &["up:", "  @docker compose up"],
    );
}

#[test]
fn assignments_of_every_kind_are_read() {
    check(
        "A = 1\nB:=$(A) 2 # why\nexport C ?= x\nD += y=z\nE ::= e\n",
        &["A = 1", "B := $(A) 2", "C ?= x", "D += y=z", "E ::= e"],
    );
    check("dev: ENV = dev\n\trun\n", &["dev: ENV = dev"]);
}

#[test]
fn a_colon_inside_a_reference_separates_nothing() {
    check("$(OBJ:.c=.o): x\n\tcc\n", &["$(OBJ:.c=.o): x", "  cc"]);
}

#[test]
fn continued_lines_are_one_line() {
    check(
        "DC = docker compose \\\n     -f a.yml\nup:\n\t$(DC) \\\n\t  up\n",
        &["DC = docker compose  -f a.yml", "up:", "  $(DC)  up"],
    );
}

#[test]
fn both_branches_of_a_condition_are_read_and_define_blocks_are_not() {
    check(
        "ifeq ($(CI),1)\nA = 1\nelse\nA = 2\nendif\ndefine X\nB = 1\nendef\n",
        &["A = 1", "A = 2"],
    );
}

#[test]
fn values_and_lines_map_back_to_their_bytes() {
    let source = Source::detached("DC := docker compose \\\n  -f a.yml\nup:\n\t@$(DC) up\n");
    let makefile = parse(&source);
    let value = &makefile.variables[0].value;
    let at = value.as_str().find("a.yml").unwrap();
    assert_eq!(source.slice(value.span_of(at..at + 5)), "a.yml");
    assert_eq!(
        source.slice(makefile.rules[0].recipe[0].text.span()),
        "$(DC) up"
    );
    assert_eq!(source.slice(makefile.rules[0].targets[0].1), "up");
}

#[test]
fn odd_text_is_read_without_a_panic() {
    check("\tlost\n:\n=\n: =\na b = c\n$(x\n\\", &[]);
}
