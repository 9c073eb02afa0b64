use crate::testing;

const PACKAGE: &str = r#"{"scripts": {"build": "tsc -b && vite build", "next": "next build", "own": "node make.js"}}"#;

/// Whether the first stage of a Dockerfile lacks a path. Beside it lie `package.json`, `src/a.ts`
/// and other files.
fn lacks(steps: &str, path: &str, others: &[(&str, &str)]) -> bool {
    let dockerfile = format!("FROM node:22\nWORKDIR /app\n{steps}");
    let given = [
        ("compose.yaml", "services: {a: {build: .}}"),
        ("Dockerfile", dockerfile.as_str()),
        ("package.json", PACKAGE),
        ("src/a.ts", ""),
    ];
    let files: Vec<_> = given.iter().chain(others).copied().collect();
    let project = testing::project(&files);
    let image = project
        .service("a")
        .and_then(|service| service.image())
        .expect("the service builds an image");
    project.stage_lacks(image, 0, path)
}

#[track_caller]
fn check(steps: &str, path: &str, others: &[(&str, &str)], expected: bool) {
    assert_eq!(lacks(steps, path, others), expected, "{steps}{path}");
}

const TSCONFIG: (&str, &str) = ("tsconfig.json", r#"{"compilerOptions": {"noEmit": true}}"#);

#[test]
fn what_nothing_makes_is_lacking() {
    check("", "/app/build", &[], true);
    check(
        "COPY package.json .\nRUN npm ci\nCOPY . .\n",
        "/app/build",
        &[],
        true,
    );
    check(
        "COPY . .\nRUN npm ci && npm run build\n",
        "/app/build",
        &[TSCONFIG],
        true,
    );
    check(
        "COPY . .\nRUN apt-get update && apt-get install -y git && mkdir -p out/x\n",
        "/app/build",
        &[],
        true,
    );
    check(
        "COPY . .\nRUN npx next build\n",
        "/app/.next/standalone",
        &[("next.config.mjs", "export default {}")],
        true,
    );
}

#[test]
fn what_a_copy_brings_is_there() {
    check("COPY src/a.ts build\n", "/app/build", &[], false);
    check("COPY . .\n", "/app/src", &[], false);
    check("COPY src /app/build/x\n", "/app/build", &[], false);
    check("COPY --parents src ./\n", "/app/src", &[], false);
    check("COPY <<build ./\nx\nbuild\n", "/app/build", &[], false);
    check(
        "ADD https://example.com/x.tar /app/\n",
        "/app/build",
        &[],
        false,
    );
    check("COPY --from=other:1 /x /app\n", "/app/build", &[], false);
    check("WORKDIR build/x\n", "/app/build", &[], false);
}

#[test]
fn what_the_ignore_file_keeps_out_does_not_come_from_the_context() {
    let built = ("build/index.html", "");
    check("COPY . .\n", "/app/build", &[built], false);
    check(
        "COPY . .\n",
        "/app/build",
        &[built, (".dockerignore", "build\n")],
        true,
    );
    check(
        "COPY . .\n",
        "/app/build",
        &[(".gitignore", "build\n")],
        false,
    );
    check(
        "COPY . .\n",
        "/app/build",
        &[(".gitignore", "build\n"), (".dockerignore", "build\n")],
        true,
    );
}

#[test]
fn a_run_that_may_make_it_leaves_it_open() {
    for run in [
        "mkdir build",
        "cp -r src build",
        "echo > build",
        "mv src/* /app",
        "npm run own",
        "./make.sh",
        "git clone https://example.com/x /app",
        "cd src && mkdir ../build",
        "mkdir $X",
        "curl https://example.com/x | tar xz",
    ] {
        check(&format!("COPY . .\nRUN {run}\n"), "/app/build", &[], false);
    }
}

#[test]
fn a_build_tool_writes_where_its_settings_say() {
    let build = "COPY . .\nRUN npm run build\n";
    check(build, "/app/dist/index.html", &[TSCONFIG], false);
    check(build, "/app/build", &[], false);
    check(
        build,
        "/app/build",
        &[(
            "tsconfig.json",
            r#"{"compilerOptions": {"outDir": "./build"}}"#,
        )],
        false,
    );
    check(
        build,
        "/app/build",
        &[
            TSCONFIG,
            (
                "vite.config.ts",
                "export default { build: { outDir: 'build' } }",
            ),
        ],
        false,
    );
    check(
        build,
        "/app/build",
        &[
            TSCONFIG,
            (
                "vite.config.ts",
                "import { sveltekit } from '@sveltejs/kit/vite'",
            ),
        ],
        false,
    );
    check(
        "COPY . .\nRUN npx vite build --outDir build\n",
        "/app/build",
        &[TSCONFIG],
        false,
    );
    check(
        "COPY . .\nRUN npm run next\n",
        "/app/.next/standalone",
        &[("next.config.js", "output: 'standalone'")],
        false,
    );
    check(
        "ENV BUILD_PATH=/app/www\nCOPY . .\nRUN npx react-scripts build\n",
        "/app/www",
        &[],
        false,
    );
}

#[test]
fn go_writes_where_it_is_told() {
    check(
        "COPY . .\nRUN go build -o bin/server ./cmd\n",
        "/app/server",
        &[],
        true,
    );
    check(
        "COPY . .\nRUN go build -o bin/server ./cmd\n",
        "/app/bin/server",
        &[],
        false,
    );
    check(
        "COPY . .\nRUN go build -o bin/ ./cmd\n",
        "/app/bin/server",
        &[],
        false,
    );
    check("COPY . .\nRUN go build ./cmd\n", "/app/server", &[], false);
}

#[test]
fn a_base_image_may_hold_what_is_not_of_the_project() {
    check("", "/usr/local/bin/tool", &[], false);
    check("", "/etc/nginx", &[], false);
    check("", "/usr/src/app/dist", &[], true);
}

#[test]
fn every_member_of_a_workspace_gets_packages() {
    check(
        "COPY package.json .\nRUN pnpm install\n",
        "/app/apps/web/node_modules",
        &[],
        false,
    );
    check(
        "COPY package.json .\n",
        "/app/apps/web/node_modules",
        &[],
        true,
    );
}
