//! Ruby: Bundler, RubyGems and programs.

use super::package_manager::{
    Cache, CacheMount, Ecosystem, MANAGER, Manager, VERB, Verb, Words, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Sign};
use super::wrapper::{WRAPPER, Wrapper};
use Words::Packages;
use Write::{Flag, OrVariable};

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Ruby,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "bundler",
        frozen_by: Some(&["--frozen", "--deployment"]),
        programs: &["bundle", "bundler"],
        verbs: &[Verb {
            commands: &["bundle install", "bundle", "bundle i"],
            manifests: &[
                "Gemfile",
                "Gemfile.lock?",
                ".ruby-version?",
                "*.gemspec?",
                ".bundle/config?",
                ".tool-versions?",
            ],
            writes: &[
                Flag("--path"),
                OrVariable("BUNDLE_PATH", "/usr/local/bundle"),
            ],
            value_flags: &["-j", "--jobs", "--retry", "--without", "--with"],
            file_flags: &["--gemfile"],
            ..VERB
        }],
        refreshes: &["update", "add", "check"],
        wrappers: &[
            Wrapper {
                commands: &["bundle exec"],
                ..WRAPPER
            },
            Wrapper {
                commands: &["spring"],
                ..WRAPPER
            },
        ],
        manifests: &["Gemfile"],
        locks: &["Gemfile.lock"],
        fills: &["bundle"],
        cache: CacheMount::At(Cache {
            directories: &["/usr/local/bundle/cache"],
            image: Some("ruby"),
            flags: &["--path", "--deployment", "--no-cache"],
            variables: &[
                "BUNDLE_PATH",
                "BUNDLE_DEPLOYMENT",
                "BUNDLE_CACHE_PATH",
                "BUNDLE_NO_CACHE",
                "BUNDLE_GLOBAL_GEM_CACHE",
                "GEM_HOME",
            ],
            commands: &["bundle config"],
        }),
        harmless: &["config", "clean", "--version"],
        source: "bundler.io/man, Source::Rubygems#fetch_gem: it takes what lies in `cache` of the bundle's path, which is that of GEM_HOME in the official image; the gems are unpacked beside it and nothing reads the archives afterwards",
        ..TOOL
    },
    Manager {
        name: "gem",
        programs: &["gem"],
        verbs: &[Verb {
            commands: &["gem install"],
            words: Packages,
            value_flags: &["-v", "--version", "-i"],
            ..VERB
        }],
        refreshes: &[],
        cache: CacheMount::None("it keeps archives beside the gems, in the layer"),
        harmless: &["update", "sources", "--version"],
        source: "guides.rubygems.org/command-reference",
        ..TOOL
    },
];

const RUBY: Program = Program {
    language: Language::Ruby,
    protect: &["node_modules"],
    ..ROW
};
/// Rails reloads per request in its development environment, and only there.
const RAILS: Program = Program {
    habit: Habit::PerRequest,
    off: &[
        Sign::VariableIs("RAILS_ENV", "production"),
        Sign::VariableIs("RACK_ENV", "production"),
        Sign::VariableIs("RAILS_ENV", "staging"),
        Sign::Pair("-e", "production"),
        Sign::Pair("--environment", "production"),
    ],
    dev: &[Dev::Variable("RAILS_ENV", "development")],
    source: "guides.rubyonrails.org/autoloading_and_reloading_constants.html",
    ..RUBY
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "rails server",
        commands: &["rails server", "rails s"],
        ..RAILS
    },
    Program {
        name: "puma",
        commands: &[
            "puma",
            "unicorn",
            "unicorn_rails",
            "thin",
            "falcon",
            "passenger",
        ],
        unsure: &[(
            Sign::NoFile("config/application.rb"),
            "only Rails reloads, and no `config/application.rb` can be seen",
        )],
        ..RAILS
    },
    Program {
        name: "rackup",
        commands: &["rackup", "shotgun"],
        source: "github.com/rack/rackup",
        dev: &[Dev::Wrap(&["rerun", "--"])],
        ..RUBY
    },
    Program {
        name: "rails one-shot",
        commands: &["rails", "rake", "bundle", "rspec", "rubocop"],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "guides.rubyonrails.org/command_line.html",
        ..RUBY
    },
    Program {
        name: "sidekiq",
        commands: &[
            "sidekiq",
            "rails jobs:work",
            "rake jobs:work",
            "rake resque:work",
            "good_job start",
            "jobs",
            "shoryuken",
            "karafka server",
            "delayed_job",
            "que",
            "resque",
            "rails solid_queue:start",
            "rake solid_queue:start",
        ],
        family: Family::Worker,
        source: "github.com/sidekiq/sidekiq/wiki/Problems-and-Troubleshooting#auto-reloading",
        ..RAILS
    },
    Program {
        name: "rerun",
        commands: &["rerun", "guard", "jekyll serve"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/alexch/rerun",
        ..RUBY
    },
    Program {
        name: "ruby",
        commands: &["ruby"],
        family: Family::Interpreter,
        unsure: &[
            (
                Sign::Script("config/environment"),
                "Rails may reload the code of its jobs",
            ),
            (
                Sign::Script("config/application"),
                "Rails may reload the code of its jobs",
            ),
        ],
        dev: &[Dev::Wrap(&["rerun", "--"])],
        source: "ruby-doc.org",
        ..RUBY
    },
];
