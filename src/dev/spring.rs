//! Spring Boot behind a stage that compiles: the stage itself can run the sources, which the image
//! that is shipped cannot.

use crate::image::{Action, Artefact, Image, path};
use crate::knowledge::{Language, manager_of};
use crate::process::Process;
use crate::project::{Project, Service};

use super::container::Container;
use super::{
    DevForm, Reasoned, Sync, Then, Variable, cite, health, is_built, manifests, mounts, tag,
};

/// A build tool for the JVM, and how it runs and compiles an application.
struct Tool {
    /// Its name in the tables of package managers.
    manager: &'static str,
    /// The files in which the application is described.
    files: &'static [&'static str],
    /// What such a file holds when the tool can run the application.
    plugin: &'static str,
    /// What keeps one module from being the whole: the file is of several.
    several: &'static str,
    /// Options that say that only a part is built.
    partial: &'static [&'static str],
    run: &'static [&'static str],
    compile: &'static str,
}

/// Source: docs.spring.io/spring-boot/maven-plugin/run.html,
/// docs.spring.io/spring-boot/gradle-plugin/running.html
const TOOLS: [Tool; 2] = [
    Tool {
        manager: "maven",
        files: &["pom.xml"],
        plugin: "spring-boot-maven-plugin",
        several: "<modules>",
        partial: &["-pl", "--projects", "-f", "--file"],
        run: &["-B", "spring-boot:run"],
        compile: "-q -B compile",
    },
    Tool {
        manager: "gradle",
        files: &["build.gradle", "build.gradle.kts"],
        plugin: "org.springframework.boot",
        several: "subprojects",
        partial: &["-p", "--project-dir", "-b"],
        run: &["--no-daemon", "bootRun"],
        compile: "--no-daemon -q classes",
    },
];

/// With this among its packages an application starts anew when its classes change.
const DEVTOOLS: &str = "spring-boot-devtools";

/// The stage that compiles, and how it is called there.
struct Compiler<'i> {
    stage: &'i str,
    tool: &'static Tool,
    /// The program as the Dockerfile calls it: `./mvnw`.
    program: String,
    /// The directory of the application in the container.
    home: String,
    artefact: &'i Artefact,
}

/// Says it. Whether there was such a stage.
pub(super) fn say(project: &Project<'_>, service: Service<'_>, form: &mut DevForm) -> bool {
    say_all(project, service, form).is_some()
}

fn say_all(project: &Project<'_>, service: Service<'_>, form: &mut DevForm) -> Option<()> {
    let spec = service.spec();
    let is_plain = spec.entrypoint.is_none()
        && spec.command.is_none()
        && spec.watch.is_empty()
        && spec.mounts.iter().all(|mount| mount.source.is_none());
    let image = service.image().filter(|_| is_plain && is_built(spec))?;
    let [process] = service.processes() else {
        return None;
    };
    if process.language() != Some(Language::Jvm) || health::is_lost(project, service, image) {
        return None;
    }
    let container = Container::of_service(service);
    if manifests::shares_tag(project, &container, service.name()) {
        return None;
    }
    let compiler = compiler(image, process)?;
    let build = image.of_stage(project.workspace(), compiler.stage);
    let host_of = |there: &str| {
        let mut copies = build.baked().iter().rev();
        copies.find_map(|baked| match path::below(there, &baked.container)? {
            "" => Some(baked.host.clone()),
            rest => baked.is_directory.then(|| baked.host.join(rest)),
        })
    };
    let files = project.workspace().files();
    let manifest = compiler
        .tool
        .files
        .iter()
        .filter_map(|name| host_of(&path::join(&compiler.home, name)))
        .find(|host| files.is_file(host))?;
    let manifest = project.workspace().read(&manifest).ok()?;
    if !manifest.text().contains(compiler.tool.plugin)
        || manifest.text().contains(compiler.tool.several)
    {
        return None;
    }
    let there = path::join(&compiler.home, "src");
    let sources = host_of(&there).filter(|host| files.is_directory(host))?;
    let program = &compiler.program;
    form.build_target = Some(Reasoned::new(
        compiler.stage.to_owned(),
        format!(
            "the stage that compiles: {}",
            cite(project, compiler.artefact.copy)
        ),
    ));
    tag::say(spec, form);
    let words = std::iter::once(program.as_str())
        .chain(compiler.tool.run.iter().copied())
        .map(str::to_owned)
        .collect();
    form.entrypoint = Some(Reasoned::new(
        words,
        format!(
            "runs the sources, in the place of `{}`",
            process.words().join(" ")
        ),
    ));
    let has_devtools = manifest.text().contains(DEVTOOLS);
    let (then, why) = if has_devtools {
        (
            Then::Run(format!("{program} {}", compiler.tool.compile)),
            format!("{DEVTOOLS} starts the application anew once its classes have changed"),
        )
    } else {
        (Then::Restart, "the start compiles".to_owned())
    };
    form.syncs.push(Reasoned::new(
        Sync {
            host: project.written(&sources),
            container: there,
            then,
            ignore: Vec::new(),
        },
        why,
    ));
    if !has_devtools {
        let name = path::name(&manifest.path().to_string_lossy()).to_owned();
        form.notes.push(format!("with `{DEVTOOLS}` in {name} an edit would compile and restart the application only, not the container"));
    }
    for variable in variables(image, &build) {
        form.environment
            .push(Reasoned::new(variable, "the shipped image sets it"));
    }
    mounts::caches(spec, &build, form);
    let built = Container {
        image: Some(&build),
        ..container
    };
    manifests::say(project, &built, form);
    Some(())
}

/// The stage whose jar a process runs.
fn compiler<'i>(image: &'i Image, process: &Process) -> Option<Compiler<'i>> {
    let words = process.words();
    let jar = words
        .iter()
        .position(|word| *word == "-jar")
        .and_then(|at| words.get(at + 1))?;
    let jar = path::join(&process.cwd, jar);
    let lies_there = |artefact: &&Artefact| {
        let there = artefact.container.as_deref();
        !artefact.is_dependencies && there.is_some_and(|there| path::below(&jar, there).is_some())
    };
    let artefact = image.artefacts().iter().find(lies_there)?;
    let stage = image.stages.get(artefact.stage)?;
    let mut found = None;
    for step in image.history_of(artefact.stage) {
        let Action::Run(run) = &step.action else {
            continue;
        };
        for command in run.script.iter().flat_map(|script| &script.commands) {
            let Some(program) = command.words.first().map(|word| word.text.as_str()) else {
                continue;
            };
            let Some(tool) = TOOLS.iter().find(|tool| {
                manager_of(program).is_some_and(|manager| manager.name == tool.manager)
            }) else {
                continue;
            };
            if command
                .words
                .iter()
                .any(|word| tool.partial.contains(&word.text.as_str()))
            {
                return None;
            }
            found = Some((tool, program.to_owned(), step.workdir.clone()?));
        }
    }
    let (tool, program, home) = found?;
    Some(Compiler {
        stage: stage.name.as_deref()?,
        tool,
        program,
        home,
        artefact,
    })
}

/// What the shipped image sets and the stage that compiles does not.
fn variables(shipped: &Image, build: &Image) -> Vec<Variable> {
    let known = |name: &str| {
        build
            .config()
            .is_some_and(|config| config.env.iter().any(|variable| variable.name == name))
    };
    let of_runtime = |name: &str| {
        name.starts_with("JAVA_") || matches!(name, "PATH" | "LANG" | "LC_ALL" | "JDK_JAVA_OPTIONS")
    };
    let env = shipped.config().into_iter().flat_map(|config| &config.env);
    let wanted = env.filter(|variable| !known(&variable.name) && !of_runtime(&variable.name));
    wanted
        .filter_map(|variable| {
            Some(Variable {
                name: variable.name.clone(),
                value: Some(variable.value.clone()?),
            })
        })
        .collect()
}
