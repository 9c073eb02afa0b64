use crate::network;
use crate::project::Project;
use crate::testing;

/// A project of one compose file and a server on port 8002.
fn project(compose: &str) -> Project<'static> {
    testing::project(&[
        ("compose.yaml", compose),
        (
            "Dockerfile",
            r#"
            FROM python:3.13
            CMD ["uvicorn", "a:b", "--port", "8002"]
            "#,
        ),
    ])
}

/// `host:port` of every address of the service `a`.
fn addresses(environment: &str) -> String {
    let compose = format!("services:\n  a:\n    image: x\n    environment:\n{environment}");
    let project = project(&compose);
    let addresses = project
        .service("a")
        .map(network::addresses)
        .unwrap_or_default();
    let port = |address: &super::Address| {
        address
            .port
            .as_ref()
            .map(|port| format!(":{}", port.number))
            .unwrap_or_default()
    };
    addresses
        .iter()
        .map(|address| format!("{}{}", address.host, port(address)))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn hosts_are_found_in_urls_lists_and_pairs() {
    for (environment, found) in [
        ("      X: postgres://user:p@ss@db:5432/app\n", "db:5432"),
        ("      X: jdbc:postgresql://db/app\n", "db"),
        ("      X: mongodb://m1:1,m2:2/x\n", "m1:1 m2:2"),
        ("      BROKERS: k1:9092,k2:9092\n", "k1:9092 k2:9092"),
        ("      DB_HOST: db\n      DB_PORT: 5433\n", "db:5433"),
        (
            "      LISTENERS: INTERNAL://kafka:9092,PLAINTEXT://:9093\n",
            "kafka:9092",
        ),
    ] {
        assert_eq!(addresses(environment), found, "{environment}");
    }
}

#[test]
fn what_is_no_address_of_a_container_is_left_alone() {
    for environment in [
        "      VITE_API: http://api:8000\n",
        "      CORS_ORIGINS: http://web:3000\n",
        "      VIRTUAL_HOST: web\n",
        "      BUCKET: s3://profiles\n",
        "      CONF: max_split_size_mb:512\n",
        "      URL: http://{host}:80\n",
        "      URL: postgres://To set:To set@db:5432/app\n",
        "      URL: postgres://${NOBODY_KNOWS}:5432\n",
    ] {
        assert_eq!(addresses(environment), "", "{environment}");
    }
}

#[test]
fn a_place_is_that_of_the_host_alone() {
    let compose =
        "services:\n  a:\n    image: x\n    environment: ['X=${X:-redis://cache:6379}']\n";
    let project = project(compose);
    let addresses = network::addresses(project.service("a").unwrap());
    let sources = project.workspace().sources();
    assert_eq!(sources.slice(addresses[0].span), "cache");
    assert_eq!(
        sources.slice(addresses[0].port.as_ref().unwrap().span),
        "6379"
    );
}

#[test]
fn containers_are_found_by_all_their_names() {
    let compose = "services:\n  a:\n    image: x\n    links: ['b:link']\n    extra_hosts: ['extra=1.2.3.4']\n  b:\n    image: x\n    container_name: box\n    \
                   networks: {default: {aliases: [alias]}}\n";
    let project = project(compose);
    let a = project.service("a").unwrap();
    for host in ["b", "B", "box", "alias", "link", "extra", "p-b-1"] {
        assert!(network::may_know_host(&project, a, host), "{host}");
    }
    assert!(!network::may_know_host(&project, a, "c"));
}

#[test]
fn a_network_from_elsewhere_may_hold_anything() {
    let compose = "services:\n  a:\n    image: x\n    networks: [shared]\n  b:\n    image: x\nnetworks:\n  shared:\n    external: true\n";
    let project = project(compose);
    assert!(network::may_know_host(
        &project,
        project.service("a").unwrap(),
        "c"
    ));
    assert!(!network::may_know_host(
        &project,
        project.service("b").unwrap(),
        "c"
    ));
}

#[test]
fn a_port_is_known_where_nothing_can_change_it() {
    let port = |service: &str| {
        let compose = format!("services:\n  a:\n{service}");
        let project = project(&compose);
        network::listening(project.service("a").unwrap()).map(|listening| listening.ports)
    };
    assert_eq!(port("    build: .\n"), Some(vec![8002]));
    assert_eq!(
        port("    build: .\n    command: uvicorn a:b\n"),
        Some(vec![8000])
    );
    assert_eq!(
        port("    build: .\n    command: gunicorn a:b -b 0.0.0.0:9000\n"),
        Some(vec![9000])
    );
    assert_eq!(
        port("    build: .\n    command: gunicorn a:b -c conf.py\n"),
        None
    );
    assert_eq!(
        port("    build: .\n    command: python manage.py runserver 0:8080\n"),
        Some(vec![8080])
    );
    assert_eq!(
        port("    build: .\n    command: ['uvicorn', 'a:b', '--port', '$$PORT']\n"),
        None
    );
    assert_eq!(port("    image: postgres:17\n"), Some(vec![5432]));
    assert_eq!(port("    image: postgres:17\n    command: -p 5433\n"), None);
    assert_eq!(
        port("    image: redis\n    volumes: ['./redis.conf:/etc/redis.conf']\n"),
        None
    );
    assert_eq!(port("    image: nginx\n"), None);
}
