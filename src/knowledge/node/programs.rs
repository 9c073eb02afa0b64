//! JavaScript and TypeScript: servers, bundlers, test runners, Node.js, Deno and Bun themselves.

use crate::knowledge::program::{Dev, Family, Habit, Language, Program, ROW, Reading, Sign};

const NODE: Program = Program {
    language: Language::JavaScript,
    protect: &["node_modules"],
    dev: &[Dev::Script],
    ..ROW
};
/// Bundlers and frameworks whose development server changes the page while it is open.
const HOT: Program = Program {
    habit: Habit::Hot,
    polling: &["CHOKIDAR_USEPOLLING"],
    ..NODE
};
/// What runs a file, which may start a watcher of its own.
const RUNTIME: Program = Program {
    family: Family::Interpreter,
    unsure: OWN_WATCHER,
    reads: Reading::File,
    ..NODE
};
const WATCHER: Program = Program {
    family: Family::Watcher,
    habit: Habit::Restarts,
    polling: &["CHOKIDAR_USEPOLLING"],
    ..NODE
};
const BUILD: Program = Program {
    family: Family::Build,
    habit: Habit::NotAServer,
    ..NODE
};
const ONCE: Program = Program {
    family: Family::OneShot,
    habit: Habit::NotAServer,
    ..NODE
};

/// Packages by which a script watches files by itself.
const OWN_WATCHER: &[(Sign, &str)] = &[
    (Sign::Script("webpack-dev-"), WATCHES),
    (Sign::Script("webpack-hot-middleware"), WATCHES),
    (Sign::Script("WebpackDevServer"), WATCHES),
    (Sign::Script("chokidar"), WATCHES),
    (Sign::Script("nodemon"), WATCHES),
    (Sign::Script("browser-sync"), WATCHES),
    (Sign::Script("livereload"), WATCHES),
    (Sign::Script("'vite'"), WATCHES),
    (Sign::Script("\"vite\""), WATCHES),
    (Sign::Script("'next'"), WATCHES),
    (Sign::Script("\"next\""), WATCHES),
    (Sign::Script("'nuxt'"), WATCHES),
    (Sign::Script("fs.watch"), WATCHES),
    (Sign::Script(".watch("), WATCHES),
];
const WATCHES: &str = "the script that it runs may watch files by itself";

pub(in crate::knowledge) const PROGRAMS: &[Program] = &[
    Program {
        name: "next dev",
        commands: &["next dev", "next"],
        protect: &["node_modules", ".next"],
        polling: &["WATCHPACK_POLLING"],
        source: "nextjs.org/docs/app/api-reference/cli/next#next-dev-options",
        ..HOT
    },
    Program {
        name: "next start",
        commands: &["next start"],
        dev: &[Dev::Script, Dev::Subcommand("start", "dev")],
        reads: Reading::Artifact(".next"),
        protect: &["node_modules", ".next"],
        source: "nextjs.org/docs/app/api-reference/cli/next#next-start-options",
        ..NODE
    },
    Program {
        name: "next build",
        commands: &["next build", "next export", "next lint"],
        source: "nextjs.org/docs/app/api-reference/cli/next",
        ..BUILD
    },
    Program {
        name: "nuxt dev",
        commands: &["nuxt dev", "nuxi dev", "nuxt", "nuxi"],
        host: &["--host"],
        protect: &["node_modules", ".nuxt"],
        source: "nuxt.com/docs/api/commands/dev",
        ..HOT
    },
    Program {
        name: "nuxt start",
        commands: &["nuxt start", "nuxt preview", "nuxi preview", "nuxi start"],
        dev: &[
            Dev::Script,
            Dev::Subcommand("start", "dev"),
            Dev::Subcommand("preview", "dev"),
        ],
        host: &["--host"],
        reads: Reading::Artifact(".output"),
        source: "nuxt.com/docs/api/commands/preview",
        ..NODE
    },
    Program {
        name: "nuxt build",
        commands: &[
            "nuxt build",
            "nuxi build",
            "nuxt generate",
            "nuxi generate",
            "nuxt prepare",
        ],
        source: "nuxt.com/docs/api/commands/build",
        ..BUILD
    },
    Program {
        name: "vite",
        commands: &["vite", "vite dev", "vite serve"],
        host: &["--host", "0.0.0.0"],
        source: "vite.dev/guide/cli#dev-server",
        ..HOT
    },
    Program {
        name: "vite preview",
        commands: &["vite preview"],
        dev: &[Dev::Script, Dev::Subcommand("preview", "dev")],
        host: &["--host", "0.0.0.0"],
        reads: Reading::Artifact("dist"),
        source: "vite.dev/guide/cli#vite-preview",
        ..NODE
    },
    Program {
        name: "vite build",
        commands: &[
            "vite build",
            "rollup",
            "esbuild",
            "tsup",
            "swc",
            "babel",
            "webpack",
            "parcel build",
            "rspack build",
            "rsbuild build",
        ],
        source: "vite.dev/guide/cli#vite-build",
        ..BUILD
    },
    Program {
        name: "vite build --watch",
        commands: &[
            "vite build --watch",
            "rollup --watch",
            "rollup -w",
            "tsup --watch",
            "esbuild --watch",
            "webpack --watch",
            "webpack -w",
            "babel --watch",
            "parcel watch",
            "vite build -w",
        ],
        source: "vite.dev/config/build-options#build-watch",
        ..WATCHER
    },
    Program {
        name: "react-scripts start",
        commands: &[
            "react-scripts start",
            "craco start",
            "react-app-rewired start",
        ],
        polling: &["WATCHPACK_POLLING", "CHOKIDAR_USEPOLLING"],
        source: "create-react-app.dev/docs/available-scripts",
        ..HOT
    },
    Program {
        name: "react-scripts build",
        commands: &[
            "react-scripts build",
            "react-scripts test",
            "craco build",
            "react-app-rewired build",
        ],
        source: "create-react-app.dev/docs/available-scripts",
        ..BUILD
    },
    Program {
        name: "ng serve",
        commands: &["ng serve", "ng s", "ng dev"],
        host: &["--host", "0.0.0.0"],
        polling: &[],
        protect: &["node_modules", ".angular"],
        source: "angular.dev/cli/serve",
        ..HOT
    },
    Program {
        name: "ng build",
        commands: &["ng build", "ng test", "ng lint"],
        source: "angular.dev/cli/build",
        ..BUILD
    },
    Program {
        name: "vue-cli-service serve",
        commands: &["vue-cli-service serve", "vue-cli-service"],
        source: "cli.vuejs.org/guide/cli-service.html",
        ..HOT
    },
    Program {
        name: "vue-cli-service build",
        commands: &["vue-cli-service build"],
        source: "cli.vuejs.org/guide/cli-service.html",
        ..BUILD
    },
    Program {
        name: "astro dev",
        commands: &["astro dev", "astro"],
        host: &["--host", "0.0.0.0"],
        source: "docs.astro.build/en/reference/cli-reference/#astro-dev",
        ..HOT
    },
    Program {
        name: "astro preview",
        commands: &["astro preview"],
        dev: &[Dev::Script, Dev::Subcommand("preview", "dev")],
        host: &["--host", "0.0.0.0"],
        reads: Reading::Artifact("dist"),
        source: "docs.astro.build/en/reference/cli-reference/#astro-preview",
        ..NODE
    },
    Program {
        name: "astro build",
        commands: &["astro build", "astro check"],
        source: "docs.astro.build/en/reference/cli-reference",
        ..BUILD
    },
    Program {
        name: "remix dev",
        commands: &["remix dev", "remix vite:dev", "react-router dev"],
        host: &["--host", "0.0.0.0"],
        source: "reactrouter.com/api/other-api/dev",
        ..HOT
    },
    Program {
        name: "remix-serve",
        commands: &["remix-serve", "react-router-serve"],
        reads: Reading::Artifact("build"),
        source: "reactrouter.com/api/other-api/serve",
        ..NODE
    },
    Program {
        name: "remix build",
        commands: &["remix build", "remix vite:build", "react-router build"],
        source: "reactrouter.com/api/other-api",
        ..BUILD
    },
    Program {
        name: "svelte-kit dev",
        commands: &["svelte-kit dev"],
        host: &["--host"],
        source: "svelte.dev/docs/kit",
        ..HOT
    },
    Program {
        name: "gatsby develop",
        commands: &["gatsby develop"],
        host: &["-H", "0.0.0.0"],
        protect: &["node_modules", ".cache", "public"],
        source: "gatsbyjs.com/docs/reference/gatsby-cli",
        ..HOT
    },
    Program {
        name: "gatsby serve",
        commands: &["gatsby serve"],
        dev: &[Dev::Script, Dev::Subcommand("serve", "develop")],
        host: &["-H", "0.0.0.0"],
        reads: Reading::Artifact("public"),
        source: "gatsbyjs.com/docs/reference/gatsby-cli",
        ..NODE
    },
    Program {
        name: "gatsby build",
        commands: &["gatsby build"],
        source: "gatsbyjs.com/docs/reference/gatsby-cli",
        ..BUILD
    },
    Program {
        name: "webpack serve",
        commands: &[
            "webpack serve",
            "webpack-dev-server",
            "rspack serve",
            "rsbuild dev",
        ],
        host: &["--host", "0.0.0.0"],
        source: "webpack.js.org/configuration/dev-server",
        ..HOT
    },
    Program {
        name: "parcel",
        commands: &["parcel serve", "parcel"],
        source: "parceljs.org/features/cli",
        ..HOT
    },
    Program {
        name: "expo start",
        commands: &["expo start"],
        source: "docs.expo.dev/more/expo-cli",
        ..HOT
    },
    Program {
        name: "storybook",
        commands: &["storybook dev", "start-storybook"],
        source: "storybook.js.org/docs/api/cli-options",
        ..HOT
    },
    Program {
        name: "docusaurus start",
        commands: &["docusaurus start"],
        host: &["--host", "0.0.0.0"],
        source: "docusaurus.io/docs/cli",
        ..HOT
    },
    Program {
        name: "docusaurus serve",
        commands: &["docusaurus serve"],
        dev: &[Dev::Script, Dev::Subcommand("serve", "start")],
        reads: Reading::Artifact("build"),
        source: "docusaurus.io/docs/cli",
        ..NODE
    },
    Program {
        name: "vitepress dev",
        commands: &["vitepress dev", "vuepress dev"],
        host: &["--host", "0.0.0.0"],
        source: "vitepress.dev/reference/cli",
        ..HOT
    },
    Program {
        name: "eleventy --serve",
        commands: &["eleventy --serve", "eleventy --watch"],
        source: "11ty.dev/docs/usage",
        ..WATCHER
    },
    Program {
        name: "nest start",
        commands: &["nest start"],
        on: &[Sign::Word("--watch"), Sign::Word("-w")],
        dev: &[Dev::Script, Dev::Append(&["--watch"])],
        protect: &["node_modules", "dist"],
        source: "docs.nestjs.com/cli/usages#nest-start",
        ..NODE
    },
    Program {
        name: "nx serve",
        commands: &["nx serve"],
        source: "nx.dev/nx-api/nx/documents/run",
        ..WATCHER
    },
    Program {
        name: "nest build",
        commands: &["nest build"],
        source: "docs.nestjs.com/cli/usages#nest-build",
        ..BUILD
    },
    Program {
        name: "adonis serve",
        commands: &["node ace serve", "ace serve"],
        on: &[Sign::Word("--hmr"), Sign::Word("--watch"), Sign::Word("-w")],
        dev: &[Dev::Script, Dev::Append(&["--watch"])],
        source: "docs.adonisjs.com/guides/concepts/hmr",
        ..NODE
    },
    Program {
        name: "strapi develop",
        commands: &["strapi develop", "strapi dev"],
        habit: Habit::Restarts,
        source: "docs.strapi.io/cms/cli",
        ..NODE
    },
    Program {
        name: "strapi start",
        commands: &["strapi start"],
        dev: &[Dev::Script, Dev::Subcommand("start", "develop")],
        source: "docs.strapi.io/cms/cli",
        ..NODE
    },
    Program {
        name: "medusa develop",
        commands: &["medusa develop"],
        habit: Habit::Restarts,
        source: "docs.medusajs.com/resources/medusa-cli",
        ..NODE
    },
    Program {
        name: "medusa start",
        commands: &["medusa start"],
        dev: &[Dev::Script, Dev::Subcommand("start", "develop")],
        source: "docs.medusajs.com/resources/medusa-cli",
        ..NODE
    },
    Program {
        name: "keystone dev",
        commands: &["keystone dev"],
        habit: Habit::Restarts,
        source: "keystonejs.com/docs/guides/cli",
        ..NODE
    },
    Program {
        name: "keystone start",
        commands: &["keystone start"],
        dev: &[Dev::Script, Dev::Subcommand("start", "dev")],
        source: "keystonejs.com/docs/guides/cli",
        ..NODE
    },
    Program {
        name: "fastify start",
        commands: &["fastify start"],
        on: &[Sign::Word("-w"), Sign::Word("--watch")],
        dev: &[Dev::Script, Dev::Append(&["-w"])],
        source: "github.com/fastify/fastify-cli",
        ..NODE
    },
    Program {
        name: "wrangler dev",
        commands: &["wrangler dev"],
        habit: Habit::Restarts,
        source: "developers.cloudflare.com/workers/wrangler/commands",
        ..NODE
    },
    Program {
        name: "serverless offline",
        commands: &["serverless offline", "sls offline"],
        on: &[Sign::Word("--reloadHandler")],
        dev: &[Dev::Append(&["--reloadHandler"])],
        source: "github.com/dherault/serverless-offline",
        ..NODE
    },
    Program {
        name: "nodemon",
        commands: &["nodemon"],
        watches: &["**/*.js", "**/*.mjs", "**/*.cjs", "**/*.json"],
        source: "github.com/remy/nodemon",
        ..WATCHER
    },
    Program {
        name: "tsx watch",
        commands: &["tsx watch", "tsx --watch"],
        source: "tsx.is/watch-mode",
        ..WATCHER
    },
    Program {
        name: "ts-node-dev",
        commands: &["ts-node-dev", "tsnd", "node-dev"],
        source: "github.com/wclr/ts-node-dev",
        ..WATCHER
    },
    Program {
        name: "tsc --watch",
        commands: &[
            "tsc --watch",
            "tsc -w",
            "tsc-watch",
            "tsup --watch",
            "vue-tsc --watch",
        ],
        source: "typescriptlang.org/docs/handbook/configuring-watch.html",
        ..WATCHER
    },
    Program {
        name: "node-supervisor",
        commands: &["supervisor"],
        source: "github.com/petruisfan/node-supervisor",
        ..WATCHER
    },
    Program {
        name: "onchange",
        commands: &["onchange", "chokidar", "browser-sync"],
        source: "github.com/Qard/onchange",
        ..WATCHER
    },
    Program {
        name: "pm2",
        commands: &["pm2-runtime", "pm2 start", "pm2-docker"],
        on: &[Sign::Word("--watch")],
        dev: &[Dev::Script, Dev::Append(&["--watch"])],
        source: "pm2.keymetrics.io/docs/usage/watch-and-restart",
        ..NODE
    },
    Program {
        name: "forever",
        commands: &["forever"],
        on: &[Sign::Word("--watch"), Sign::Word("-w")],
        source: "github.com/foreversd/forever",
        ..NODE
    },
    Program {
        name: "serve",
        commands: &[
            "serve",
            "http-server",
            "live-server",
            "static-server",
            "sirv",
        ],
        family: Family::Static,
        habit: Habit::NotAServer,
        reads: Reading::Artifact("build"),
        source: "github.com/vercel/serve",
        ..NODE
    },
    Program {
        name: "json-server",
        commands: &["json-server"],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "github.com/typicode/json-server",
        ..NODE
    },
    Program {
        name: "prisma",
        commands: &[
            "prisma",
            "sequelize",
            "sequelize-cli",
            "knex",
            "typeorm",
            "drizzle-kit",
            "node-pg-migrate",
            "db-migrate",
        ],
        source: "prisma.io/docs/orm/reference/prisma-cli-reference",
        ..ONCE
    },
    Program {
        name: "jest",
        commands: &[
            "jest",
            "mocha",
            "vitest",
            "playwright",
            "cypress",
            "ava",
            "k6",
            "newman",
        ],
        source: "jestjs.io/docs/cli",
        ..ONCE
    },
    Program {
        name: "tsc",
        commands: &[
            "tsc",
            "vue-tsc",
            "eslint",
            "prettier",
            "rimraf",
            "husky",
            "patch-package",
            "graphql-codegen",
            "copyfiles",
        ],
        source: "typescriptlang.org/docs/handbook/compiler-options.html",
        ..BUILD
    },
    Program {
        name: "npm install",
        commands: &["npm", "yarn", "pnpm", "bun install", "corepack"],
        source: "docs.npmjs.com/cli",
        ..ONCE
    },
    Program {
        name: "ts-node",
        commands: &[
            "ts-node",
            "ts-node-esm",
            "tsx",
            "babel-node",
            "esno",
            "vite-node",
            "swc-node",
        ],
        dev: &[Dev::Script, Dev::Rename(&["tsx", "watch"])],
        source: "typestrong.org/ts-node",
        ..RUNTIME
    },
    Program {
        name: "deno",
        commands: &["deno run", "deno serve", "deno task", "deno"],
        family: Family::Interpreter,
        on: &[Sign::Word("--watch"), Sign::Word("--watch-hmr")],
        dev: &[
            Dev::Subcommand("run", "run --watch"),
            Dev::Subcommand("serve", "serve --watch"),
        ],
        protect: &[],
        source: "docs.deno.com/runtime/getting_started/command_line_interface/#watch-mode",
        ..NODE
    },
    Program {
        name: "bun",
        commands: &["bun", "bun run"],
        on: &[Sign::Word("--watch"), Sign::Word("--hot")],
        dev: &[Dev::Script, Dev::Prepend(&["--watch"])],
        source: "bun.sh/docs/runtime/hot",
        ..RUNTIME
    },
    Program {
        name: "node",
        commands: &["node", "nodejs"],
        on: &[
            Sign::Word("--watch"),
            Sign::Word("--watch-path"),
            Sign::VariableHolds("NODE_OPTIONS", "--watch"),
        ],
        dev: &[
            Dev::Script,
            Dev::Rename(&["nodemon"]),
            Dev::Prepend(&["--watch-path=."]),
        ],
        source: "nodejs.org/api/cli.html#--watch-path",
        ..RUNTIME
    },
];
