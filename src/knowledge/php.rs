//! PHP: Composer and programs.

use super::package_manager::{
    Alone, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Sign};
use super::wrapper::{WRAPPER, Wrapper};
use Needs::ManifestsWith;
use Write::Here;

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Php,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[Manager {
    name: "composer",
    programs: &["composer", "composer.phar"],
    verbs: &[Verb {
        commands: &["composer install", "composer i", "composer update"],
        manifests: &[
            "composer.json",
            "composer.lock?",
            "symfony.lock?",
            "auth.json?",
        ],
        needs: ManifestsWith(
            &["--no-scripts --no-autoloader"],
            "it runs scripts and reads the classes of the project",
        ),
        writes: &[Here("vendor")],
        directory_flags: &["-d", "--working-dir"],
        alone: Alone::WithFlag,
        ..VERB
    }],
    refreshes: &["require", "update", "u", "r", "dump-autoload"],
    manifests: &["composer.json"],
    locks: &["composer.lock"],
    fills: &["vendor"],
    cache: CacheMount::None("its place depends on COMPOSER_HOME, which the image of Composer sets"),
    harmless: &["config", "clear-cache", "--version", "self-update"],
    wrappers: &[Wrapper {
        commands: &["composer exec"],
        ..WRAPPER
    }],
    source: "getcomposer.org/doc/03-cli.md",
    ..TOOL
}];

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
];
