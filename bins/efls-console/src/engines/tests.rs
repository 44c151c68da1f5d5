use serde::Deserialize;
use task_interface::{Description, EngineError, TaskContext};

use super::*;
use crate::config::{Sources, entries, load};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    address: String,
    rounds: u32,
    rate: f64,
    folders: Vec<String>,
    api_token: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: "nowhere".to_owned(),
            rounds: 3,
            rate: 0.5,
            folders: Vec::new(),
            api_token: "1234".to_owned(),
        }
    }
}

struct Probe(&'static str);

impl Engine for Probe {
    fn describe(&self) -> Description {
        Description::new(self.0, "1", [])
    }

    async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> {
        Ok(())
    }
}

/// A program with an engine `my-probe` that accepts these settings alone.
fn registry(expected: Settings) -> Registry {
    let mut registry = Registry::built_in();
    registry.add(Plug::new("my-probe", move |settings: Settings| {
        match settings == expected {
            true => Ok(Probe("my-probe")),
            false => Err(EngineError::fatal(format!("got {settings:?}"))),
        }
    }));
    registry
}

fn sources(variables: &[(&str, &str)]) -> Sources {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Sources {
        dir: "no-such-folder".into(),
        variables: variables.collect(),
        ..Sources::default()
    }
}

/// Makes the added engine alone; the built-in one would make its work folder.
fn open(registry: &Registry, variables: &[(&str, &str)]) -> anyhow::Result<Engines> {
    let mut variables = variables.to_vec();
    variables.extend([
        ("EFLS_ENGINES__LOCAL__ENABLED", "false"),
        ("EFLS_RUNS__DEFAULT_ENGINE", "my-probe"),
    ]);
    load(&sources(&variables), registry)?.engines.open()
}

#[test]
fn an_engine_gets_its_defaults_and_what_is_set() {
    let engines = open(&registry(Settings::default()), &[]).unwrap();
    assert!(engines.get("my-probe").is_some() && engines.get("local").is_none());
    let expected = Settings {
        address: "8080".to_owned(),
        rounds: 7,
        rate: 2.0,
        folders: vec!["a".to_owned(), "b".to_owned()],
        ..Settings::default()
    };
    let set = [
        ("EFLS_ENGINES__MY_PROBE__ADDRESS", "8080"),
        ("EFLS_ENGINES__MY_PROBE__ROUNDS", "7"),
        ("EFLS_ENGINES__MY_PROBE__RATE", "2"),
        ("EFLS_ENGINES__MY_PROBE__FOLDERS", "[a, b]"),
    ];
    open(&registry(expected), &set).unwrap();
}

#[test]
fn wrong_settings_of_an_engine_are_named_with_their_source() {
    let registry = registry(Settings::default());
    let set = [
        ("EFLS_ENGINES__MY_PROBE__ROUNDS", "5000000000"),
        ("EFLS_ENGINES__MY_PROBE__NONE", "1"),
        ("EFLS_ENGINES__LOCAL__THREADS", "5000"),
        ("EFLS_ENGINES__OTHER__X", "1"),
    ];
    let problems = load(&sources(&set), &registry).unwrap_err().0;
    let told: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    for key in [
        "engines.my-probe.rounds",
        "engines.my-probe.none",
        "engines.local.threads",
        "engines.other.x",
    ] {
        assert!(told.contains(&key), "{key} is not in {problems:#?}");
    }
    assert!(
        problems.iter().all(|problem| problem.source.is_some()),
        "{problems:#?}"
    );
}

#[test]
fn settings_of_engines_are_listed_and_secrets_of_theirs_are_not_shown() {
    let registry = registry(Settings::default());
    let (entries, problems) = entries(&sources(&[]), &registry);
    assert_eq!(problems, []);
    let of = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == key).unwrap();
        (entry.value.clone(), entry.source.as_str())
    };
    assert_eq!(of("engines.my-probe.rounds"), (3.into(), "default"));
    assert_eq!(of("engines.my-probe.enabled"), (true.into(), "default"));
    assert_eq!(of("engines.my-probe.api_token"), ("(hidden)".into(), "default"));
    let config = load(&sources(&[]), &registry).unwrap();
    assert!(!format!("{config:?}").contains("1234"));
}

#[test]
fn names_must_be_unique_and_the_engine_s_own() {
    let mut twice = registry(Settings::default());
    twice.add(Plug::new("my-probe", |(): ()| {
        Ok::<_, EngineError>(Probe("my-probe"))
    }));
    let problems = load(&sources(&[]), &twice).unwrap_err();
    assert!(
        problems.to_string().contains("engines.my-probe: two engines"),
        "{problems}"
    );

    let mut other = Registry(Vec::new());
    other.add(Plug::new("my-probe", |(): ()| {
        Ok::<_, EngineError>(Probe("another"))
    }));
    let (enabled, found) = other.resolve(&BTreeMap::from([(
        "my-probe".to_owned(),
        Value::from(Dict::from([(ENABLED.to_owned(), Value::from(true))])),
    )]));
    assert_eq!(found, []);
    let error = enabled.open().err().unwrap().to_string();
    assert!(error.contains("describes itself as another"), "{error}");
}
