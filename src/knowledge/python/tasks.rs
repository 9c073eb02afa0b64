//! Tools that run tasks which a file of the project names.

/// A tool, and where its tasks stand.
#[derive(Debug)]
pub struct TaskRunner {
    /// Its program.
    pub program: &'static str,
    /// The word before a task; none for a tool that runs nothing but tasks.
    pub run: Option<&'static str>,
    /// Files, each with the keys that lead to its tasks. The first that is there counts.
    pub tables: &'static [(&'static str, &'static [&'static str])],
    /// Whether the tasks stand in environments, which a name may begin with: `test:cov`.
    pub in_environments: bool,
    /// Where the row can be checked.
    pub source: &'static str,
}

const RUNNERS: &[TaskRunner] = &[
    TaskRunner {
        program: "poe",
        run: None,
        tables: &[("pyproject.toml", &["tool", "poe", "tasks"])],
        in_environments: false,
        source: "poethepoet.natn.io/tasks",
    },
    TaskRunner {
        program: "pdm",
        run: Some("run"),
        tables: &[("pyproject.toml", &["tool", "pdm", "scripts"])],
        in_environments: false,
        source: "pdm-project.org/en/latest/usage/scripts",
    },
    TaskRunner {
        program: "rye",
        run: Some("run"),
        tables: &[("pyproject.toml", &["tool", "rye", "scripts"])],
        in_environments: false,
        source: "rye.astral.sh/guide/pyproject/#toolryescripts",
    },
    TaskRunner {
        program: "pixi",
        run: Some("run"),
        tables: &[
            ("pixi.toml", &["tasks"]),
            ("pyproject.toml", &["tool", "pixi", "tasks"]),
        ],
        in_environments: false,
        source: "pixi.sh/latest/workspace/advanced_tasks",
    },
    TaskRunner {
        program: "hatch",
        run: Some("run"),
        tables: &[("pyproject.toml", &["tool", "hatch", "envs"])],
        in_environments: true,
        source: "hatch.pypa.io/latest/config/environment/overview/#scripts",
    },
    TaskRunner {
        program: "pipenv",
        run: Some("run"),
        tables: &[("Pipfile", &["scripts"])],
        in_environments: false,
        source: "pipenv.pypa.io/en/latest/scripts.html",
    },
];

/// All rows.
pub fn task_runners() -> &'static [TaskRunner] {
    RUNNERS
}

/// The row of a program.
pub fn task_runner(program: &str) -> Option<&'static TaskRunner> {
    RUNNERS.iter().find(|runner| runner.program == program)
}
