use std::collections::BTreeMap;

use figment::Jail;

use super::check::Problem;
use super::*;

fn load(sources: &Sources) -> Result<Config, Problems> {
    super::load(sources, &Registry::built_in())
}

fn sources(variables: &[(&str, &str)]) -> Sources {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Sources {
        dir: PathBuf::from("config"),
        dir_from: None,
        variables,
        flags: Vec::new(),
    }
}

/// Runs in an empty folder with these files.
#[expect(clippy::result_large_err, reason = "the error type is figment's")]
fn with_files(files: &[(&str, &str)], test: impl FnOnce()) {
    Jail::expect_with(|jail| {
        jail.create_dir("config")?;
        for (path, text) in files {
            jail.create_file(path, text)?;
        }
        test();
        Ok(())
    });
}

fn problems(sources: &Sources) -> BTreeMap<String, Problem> {
    let problems = load(sources).expect_err("there are problems").0;
    problems
        .into_iter()
        .map(|problem| (problem.key.clone(), problem))
        .collect()
}

#[test]
fn a_lone_program_runs_with_the_built_in_defaults() {
    with_files(&[], || {
        let config = load(&sources(&[])).unwrap();
        assert_eq!(config.service.port, 5000);
        assert_eq!(config.base_url(5000), "http://127.0.0.1:5000");
        assert!(!config.federation.allow_loopback);
    });
}

#[test]
fn the_defaults_are_those_of_the_use_cases() {
    with_files(&[], || {
        let mut ours = load(&sources(&[("EFLS_SERVICE__NODE_ID", "console")]))
            .unwrap()
            .settings(5000);
        let theirs = console_app::Settings::default();
        ours.console_name.clone_from(&theirs.console_name);
        assert_eq!(format!("{ours:#?}"), format!("{theirs:#?}"));
    });
}

#[test]
fn later_sources_win() {
    let files = [
        (
            "config/default.toml",
            "[service]\nport = 1001\nworkers = 3\nname = 'from default'",
        ),
        ("config/mine.toml", "[service]\nport = 1002\nname = 'from mine'"),
    ];
    with_files(&files, || {
        let from = |variables: &[(&str, &str)]| load(&sources(variables)).unwrap().service;
        assert_eq!((from(&[]).port, from(&[]).workers), (1001, 3));
        let mine = from(&[("ENV", "MINE")]);
        assert_eq!(
            (mine.port, mine.workers, mine.name.as_str()),
            (1002, 3, "from mine")
        );
        assert_eq!(from(&[("ENV", "mine"), ("PORT", "1003")]).port, 1003);
        let named = [("ENV", "mine"), ("PORT", "1003"), ("EFLS_SERVICE__PORT", "1004")];
        assert_eq!(from(&named).port, 1004);
        let flagged = sources(&named).with_flag("service.port", Some(1005), "--port");
        assert_eq!(load(&flagged).unwrap().service.port, 1005);
    });
}

#[test]
fn every_problem_is_reported_at_once_with_its_key_and_source() {
    let file = "
        nonsense = 1
        [service]
        port = 70000
        base_path = 'host/'
        prot = 1
        [sign_in]
        self_registration = 'yes'
        [storage]
        kind = 'ftp'
        bucket = 'A'
        [database]
        url = 'oracle://x'
    ";
    with_files(&[("config/bad.toml", file)], || {
        let found = problems(&sources(&[
            ("ENV", "bad"),
            ("EFLS_LOG__LEVEL", "info"),
            ("EFLS_RUNS__AT_MOST", "none"),
        ]));
        let keys: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "database.url",
                "log.level",
                "nonsense",
                "runs.at_most",
                "service.base_path",
                "service.port",
                "service.prot",
                "sign_in.self_registration",
                "storage.bucket",
                "storage.kind"
            ]
        );
        assert_eq!(found["service.port"].source.as_deref(), Some("config/bad.toml"));
        assert_eq!(
            found["runs.at_most"].source.as_deref(),
            Some("environment variable EFLS_RUNS__AT_MOST")
        );
        assert_eq!(
            found["service.port"].detail,
            "must be a whole number from 0 to 65535"
        );
        assert!(found["service.prot"].detail.contains("port"), "{found:?}");
        assert!(
            found["log.level"]
                .source
                .as_deref()
                .is_some_and(|source| source.contains("EFLS_LOG__LEVEL"))
        );
    });
}

#[test]
fn a_file_that_is_missing_or_no_toml_is_a_problem() {
    with_files(&[("config/broken.toml", "[service")], || {
        assert!(problems(&sources(&[("ENV", "nowhere")])).contains_key("ENV"));
        assert!(problems(&sources(&[("ENV", "broken")])).contains_key("config/broken.toml"));
        for harmless in ["local", "", "/home/me/.shinit"] {
            assert!(load(&sources(&[("ENV", harmless)])).is_ok(), "{harmless}");
        }
    });
}

#[test]
fn the_docker_commands_of_earlier_releases_keep_their_meaning() {
    with_files(&[], || {
        let host = [
            ("ENV", "default_local"),
            ("STATIC", "host"),
            ("MYSQL_SERVICE_HOST", "111.11.1.1"),
            ("MYSQL_SERVICE_PORT", "3307"),
            ("MINIO_SERVICE_SERVICE_HOST", "111.11.1.2"),
            ("MINIO_SERVICE_SERVICE_PORT", "9001"),
        ];
        let config = load(&sources(&host)).unwrap();
        assert_eq!(
            (config.service.host.as_str(), config.service.port),
            ("0.0.0.0", 5000)
        );
        assert_eq!(
            config.database.url.expose(),
            "mysql://root:Ali-fl@111.11.1.1:3307/alifl"
        );
        let s3 = &config.storage.s3;
        assert_eq!(config.storage.kind, StorageKind::S3);
        assert_eq!(
            (s3.endpoint.as_str(), config.storage.bucket.as_str()),
            ("http://111.11.1.2:9001", "alifl")
        );
        assert_eq!(
            (s3.access_key.as_str(), s3.secret_key.expose()),
            ("alifl", "aliflminio")
        );
        assert_eq!(config.base_url(5000), "http://localhost:5000/host");

        let peer = [
            ("ENV", "default_peer"),
            ("STATIC", "peer"),
            ("PORT", "5005"),
            ("BASE-URL", "http://here.example/peer"),
            ("MYSQL_SERVICE_HOST", "not.this"),
            ("MYSQL_SERVICE_PORT", "1"),
            ("MYSQLPEER_SERVICE_HOST", "db"),
            ("MYSQLPEER_SERVICE_PORT", "3306"),
        ];
        let config = load(&sources(&peer)).unwrap();
        assert_eq!(config.service.port, 5005);
        assert_eq!(config.database.url.expose(), "mysql://root:Ali-fl@db:3306/alifl");
        assert_eq!(config.base_url(5005), "http://here.example/peer");
        let without = load(&sources(&[("ENV", "default_peer")])).unwrap();
        assert_eq!(
            without.database.url.expose(),
            "mysql://root:Ali-fl@localhost:3306/aliflpeer"
        );
    });
}

#[test]
fn own_variables_win_over_those_that_kubernetes_sets() {
    with_files(&[], || {
        let config = load(&sources(&[
            ("MYSQLPEER_SERVICE_HOST", "db"),
            ("MYSQLPEER_SERVICE_PORT", "3306"),
            ("EFLS_DATABASE__URL", "postgres://u:p@pg:5432/efls"),
        ]));
        assert_eq!(
            config.unwrap().database.url.expose(),
            "postgres://u:p@pg:5432/efls"
        );
        // One of the two alone means nothing, as before.
        let config = load(&sources(&[("MYSQLPEER_SERVICE_HOST", "db")])).unwrap();
        assert!(config.database.url.expose().starts_with("sqlite:"));
    });
}

#[test]
fn secrets_come_from_variables_and_files_and_are_not_shown() {
    with_files(&[("secret", "12345\n")], || {
        let sources = sources(&[
            ("EFLS_STORAGE__KIND", "s3"),
            ("EFLS_STORAGE__S3__ACCESS_KEY", "0123"),
            ("EFLS_STORAGE__S3__SECRET_KEY_FILE", "secret"),
            ("EFLS_DATABASE__URL", "mysql://u:hush@db:3306/efls"),
        ]);
        let config = load(&sources).unwrap();
        assert_eq!(config.storage.s3.access_key, "0123", "digits stay a text");
        assert_eq!(config.storage.s3.secret_key.expose(), "12345");
        assert!(!format!("{config:?}").contains("12345") && !format!("{config:?}").contains("hush"));
        let (entries, problems) = entries(&sources, &Registry::built_in());
        let shown = serde_json::to_string(&entries).unwrap();
        assert!(problems.is_empty());
        assert!(!shown.contains("12345") && !shown.contains("hush"), "{shown}");
        assert!(shown.contains("mysql://u:***@db:3306/efls"), "{shown}");
        let source = entries
            .iter()
            .find(|entry| entry.key == "storage.s3.secret_key")
            .unwrap();
        assert_eq!(
            source.source,
            "environment variable EFLS_STORAGE__S3__SECRET_KEY_FILE"
        );
    });
}

#[test]
fn lists_can_be_given_by_variables() {
    with_files(&[], || {
        let rules = [(
            "EFLS_FEDERATION__ALLOWED_ADDRESSES",
            "[10.0.0.0/8, partner.example]",
        )];
        assert_eq!(
            load(&sources(&rules)).unwrap().federation.allowed_addresses,
            ["10.0.0.0/8", "partner.example"]
        );
        let wrong = [("EFLS_FEDERATION__ALLOWED_ADDRESSES", "[10.0.0.0/80]")];
        assert!(problems(&sources(&wrong)).contains_key("federation.allowed_addresses"));
        let missing = [("EFLS_ENGINES__LOCAL__DATA_FOLDERS", "[/does/not/exist]")];
        assert!(problems(&sources(&missing)).contains_key("engines.local.data_folders"));
    });
}

#[test]
fn variables_that_a_cluster_sets_for_a_service_of_our_name_are_no_settings() {
    let links = [
        ("EFLS_CONSOLE_PORT", "tcp://10.0.0.7:5000"),
        ("EFLS_CONSOLE_SERVICE_HOST", "10.0.0.7"),
        ("EFLS_CONSOLE_SERVICE_PORT", "5000"),
        ("EFLS_CONSOLE_SERVICE_PORT_HTTP", "5000"),
        ("EFLS_CONSOLE_PORT_5000_TCP", "tcp://10.0.0.7:5000"),
        ("EFLS_CONSOLE_PORT_5000_TCP_ADDR", "10.0.0.7"),
        ("EFLS_CONSOLE_PORT_5000_TCP_PORT", "5000"),
        ("EFLS_CONSOLE_PORT_5000_TCP_PROTO", "tcp"),
        ("EFLS_PORT", "tcp://10.0.0.8:80"),
    ];
    with_files(&[], || {
        assert_eq!(load(&sources(&links)).unwrap().service.port, 5000);
        let typo = sources(&[("EFLS_SERVICE_BASE_URL", "http://x")]);
        assert!(problems(&typo).contains_key("service_base_url"));
    });
}

#[test]
fn an_engine_that_is_not_there_and_a_folder_that_is_not_there_are_told() {
    with_files(&[], || {
        let unknown = problems(&sources(&[("EFLS_RUNS__DEFAULT_ENGINE", "nope")]));
        assert!(unknown["runs.default_engine"].detail.contains("local"));
        let off = problems(&sources(&[("EFLS_ENGINES__LOCAL__ENABLED", "false")]));
        assert!(off["runs.default_engine"].detail.contains("no engine is enabled"));
        let elsewhere = Sources {
            dir: PathBuf::from("nowhere"),
            dir_from: Some("flag --config-dir"),
            ..sources(&[])
        };
        let found = problems(&elsewhere);
        assert_eq!(
            found["configuration"].source.as_deref(),
            Some("flag --config-dir")
        );
        // The usual folder may be absent.
        let usual = Sources {
            dir_from: None,
            ..elsewhere
        };
        assert!(load(&usual).is_ok());
    });
}

#[test]
fn the_two_sides_of_the_docker_commands_share_nothing_and_may_call_each_other() {
    with_files(&[], || {
        let of = |name: &str| load(&sources(&[("ENV", name)])).unwrap();
        let (host, peer) = (of("default_local"), of("default_peer"));
        assert!(host.federation.allow_loopback && peer.federation.allow_loopback);
        assert_ne!(host.storage.bucket, peer.storage.bucket);
        assert_ne!(host.database.url.expose(), peer.database.url.expose());
    });
}
