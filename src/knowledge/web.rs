//! PHP, Ruby, Elixir.

use super::{Dev, Family, Habit, Language, Program, ROW, Sign};

const PHP: Program = Program {
    language: Language::Php,
    habit: Habit::PerRequest,
    protect: &["vendor"],
    spoilers: &[
        (
            Sign::VariableIs("PHP_OPCACHE_VALIDATE_TIMESTAMPS", "0"),
            NO_TIMESTAMPS,
        ),
        (Sign::Part("opcache.validate_timestamps=0"), NO_TIMESTAMPS),
    ],
    ..ROW
};
const PHP_WORKER: Program = Program {
    language: Language::Php,
    family: Family::Worker,
    protect: &["vendor"],
    ..ROW
};
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
const ELIXIR: Program = Program {
    language: Language::Elixir,
    protect: &["_build", "deps"],
    ..ROW
};

const ENDS: &str = "it ends after a while, and is started again with the code of that time";
const NO_TIMESTAMPS: &str =
    "OPcache is told not to look at the time stamps of files, so that it never sees an edit";

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "php-fpm",
        commands: &["php-fpm*"],
        source: "php.net/manual/en/opcache.configuration.php#ini.opcache.validate-timestamps",
        ..PHP
    },
    Program {
        name: "apache",
        commands: &["apache2-foreground", "apachectl", "apache2ctl", "apache2"],
        source: "hub.docker.com/_/php",
        ..PHP
    },
    Program {
        name: "php -S",
        commands: &["php -S"],
        source: "php.net/manual/en/features.commandline.webserver.php",
        ..PHP
    },
    Program {
        name: "spark serve",
        commands: &[
            "spark serve",
            "php spark serve",
            "yii serve",
            "php yii serve",
            "think run",
            "php think run",
        ],
        source: "codeigniter.com/user_guide/installation/running.html",
        ..PHP
    },
    Program {
        name: "artisan serve",
        commands: &["artisan serve", "php artisan serve"],
        source: "laravel.com/docs/artisan",
        ..PHP
    },
    Program {
        name: "symfony serve",
        commands: &[
            "symfony serve",
            "symfony server:start",
            "console server:run",
            "php console server:run",
        ],
        source: "symfony.com/doc/current/setup/symfony_server.html",
        ..PHP
    },
    Program {
        name: "frankenphp",
        commands: &["frankenphp"],
        spoilers: &[(
            Sign::VariableHolds("FRANKENPHP_CONFIG", "worker"),
            "FrankenPHP keeps the application in memory in worker mode; it needs `watch` there",
        )],
        source: "frankenphp.dev/docs/worker/#watching-for-file-changes",
        ..PHP
    },
    Program {
        name: "artisan octane:start",
        commands: &[
            "artisan octane:start",
            "php artisan octane:start",
            "artisan octane:frankenphp",
            "php artisan octane:frankenphp",
        ],
        on: &[Sign::Word("--watch")],
        dev: &[Dev::Wrap(&["chokidar"]), Dev::Append(&["--watch"])],
        source: "laravel.com/docs/octane#watching-for-file-changes",
        ..PHP_WORKER
    },
    Program {
        name: "rr serve",
        commands: &["rr serve", "swoole"],
        source: "docs.roadrunner.dev",
        ..PHP_WORKER
    },
    Program {
        name: "queue:listen",
        commands: &[
            "artisan queue:listen",
            "php artisan queue:listen",
            "artisan schedule:work",
            "php artisan schedule:work",
        ],
        habit: Habit::PerRequest,
        source: "laravel.com/docs/queues#the-queue-listen-command",
        ..PHP_WORKER
    },
    Program {
        name: "queue:work",
        commands: &["artisan queue:work", "php artisan queue:work"],
        unsure: &[
            (Sign::Part("--max-time"), ENDS),
            (Sign::Part("--max-jobs"), ENDS),
            (Sign::Word("--once"), ENDS),
            (Sign::Word("--stop-when-empty"), ENDS),
        ],
        dev: &[Dev::Subcommand("queue:work", "queue:listen")],
        source: "laravel.com/docs/queues#the-queue-listen-command",
        ..PHP_WORKER
    },
    Program {
        name: "horizon",
        commands: &["artisan horizon", "php artisan horizon"],
        source: "laravel.com/docs/horizon",
        ..PHP_WORKER
    },
    Program {
        name: "reverb:start",
        commands: &[
            "artisan reverb:start",
            "php artisan reverb:start",
            "artisan websockets:serve",
            "php artisan websockets:serve",
        ],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "laravel.com/docs/reverb",
        ..PHP_WORKER
    },
    Program {
        name: "messenger:consume",
        commands: &["console messenger:consume", "php console messenger:consume"],
        unsure: &[
            (Sign::Word("--time-limit"), ENDS),
            (Sign::Part("--time-limit="), ENDS),
            (Sign::Part("--limit="), ENDS),
        ],
        source: "symfony.com/doc/current/messenger.html",
        ..PHP_WORKER
    },
    Program {
        name: "artisan",
        commands: &[
            "artisan",
            "php artisan",
            "console",
            "php console",
            "composer",
            "phpunit",
            "drush",
            "wp",
        ],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "laravel.com/docs/artisan",
        ..PHP_WORKER
    },
    Program {
        name: "php",
        commands: &["php"],
        family: Family::Interpreter,
        source: "php.net/manual/en/features.commandline.php",
        ..PHP_WORKER
    },
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
            "bin/jobs",
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
    Program {
        name: "mix phx.server",
        commands: &["mix phx.server", "iex phx.server"],
        habit: Habit::PerRequest,
        off: &[Sign::VariableIs("MIX_ENV", "prod")],
        dev: &[Dev::Variable("MIX_ENV", "dev")],
        source: "hexdocs.pm/phoenix/Phoenix.CodeReloader.html",
        ..ELIXIR
    },
    Program {
        name: "mix run",
        commands: &["mix run --no-halt", "mix run", "iex"],
        unsure: &[(
            Sign::File("config/dev.exs", "code_reloader: true"),
            "Phoenix may reload the code with each request",
        )],
        family: Family::Worker,
        source: "hexdocs.pm/mix/Mix.Tasks.Run.html",
        ..ELIXIR
    },
    Program {
        name: "mix",
        commands: &["mix"],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "hexdocs.pm/mix",
        ..ELIXIR
    },
];
