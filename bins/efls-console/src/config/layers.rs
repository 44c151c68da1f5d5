//! The sources of settings, laid one over the other.

use figment::providers::{Format, Toml};
use figment::util::nest;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::check::Problem;
use super::{DEFAULT, Sources, seed};
use crate::engines::Registry;

/// Names the folder of the configuration files.
pub(super) const DIR_VARIABLE: &str = "EFLS_CONFIG_DIR";
const PREFIX: &str = "EFLS_";
/// Variables with our prefix that are not settings.
const OTHER_VARIABLES: [&str; 2] = [DIR_VARIABLE, "EFLS_PASSWORD"];
/// Variables with this prefix belong to the tests and tools of the project.
const TOOL_PREFIXES: [&str; 3] = ["EFLS_TEST_", "EFLS_INSTALL", "EFLS_TOOL_"];

/// Samples that are built in, so that a program without files understands `ENV=default_local`.
const SAMPLES: [(&str, &str); 4] = [
    (
        "default_local",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../config/default_local.toml"
        )),
    ),
    (
        "default_peer",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../config/default_peer.toml"
        )),
    ),
    (
        "host",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/host.toml")),
    ),
    (
        "peer",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/peer.toml")),
    ),
];

/// One source under a name that people understand.
pub(super) struct Named {
    name: String,
    data: Dict,
}

impl Named {
    /// A source that sets one key.
    pub(super) fn one(name: String, key: &str, value: Value) -> Self {
        let data = nest(key, value).into_dict().unwrap_or_default();
        Self { name, data }
    }

    fn toml(name: String, text: &str) -> Result<Self, Problem> {
        let data = Toml::string(text).data().map_err(|error| Problem {
            key: name.clone(),
            source: None,
            detail: format!("is no valid TOML: {error}"),
        })?;
        Ok(Self {
            name,
            data: data.into_values().next().unwrap_or_default(),
        })
    }
}

impl Provider for Named {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.data.clone())]))
    }
}

/// All sources laid over each other, and what could not be read at all.
pub(super) fn gather(sources: &Sources, engines: &Registry, defaults: &Value) -> (Figment, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut figment = Figment::new().merge(Named {
        name: "default".to_owned(),
        data: Dict::from([("engines".to_owned(), Value::from(engines.defaults()))]),
    });
    for layer in files(sources) {
        match layer {
            Ok(layer) => figment = figment.merge(layer),
            Err(problem) => problems.push(problem),
        }
    }
    for layer in seed::layers(sources, &figment) {
        figment = figment.merge(layer);
    }
    for layer in variables(sources, defaults) {
        match layer {
            Ok(layer) => figment = figment.merge(layer),
            Err(problem) => problems.push(problem),
        }
    }
    for (key, text, flag) in &sources.flags {
        figment = figment.merge(Named::one(
            format!("flag {flag}"),
            key,
            typed(key, text, defaults),
        ));
    }
    (figment, problems)
}

fn files(sources: &Sources) -> Vec<Result<Named, Problem>> {
    let mut layers = vec![Named::toml("default".to_owned(), DEFAULT)];
    if let Some(source) = sources.dir_from.filter(|_| !sources.dir.is_dir()) {
        layers.push(Err(Problem {
            key: "configuration".to_owned(),
            source: Some(source.to_owned()),
            detail: format!("there is no folder {}", sources.dir.display()),
        }));
    }
    layers.extend(file(sources, "default", None));
    // Shells use ENV as well, for the path of a start-up file; that is not ours.
    let name = sources
        .variables
        .get("ENV")
        .map(|name| name.to_lowercase())
        .filter(|name| !name.is_empty());
    if let Some(name) = name.filter(|name| !name.contains(['/', '.', '\\'])) {
        let sample = SAMPLES
            .iter()
            .find(|(sample, _)| *sample == name)
            .map(|(_, text)| *text);
        match file(sources, &name, sample) {
            Some(layer) => layers.push(layer),
            // "local" is what ENV is in earlier releases when it is not set.
            None if name == "local" || name == "default" => {}
            None => layers.push(Err(Problem {
                key: "ENV".to_owned(),
                source: Some("environment variable ENV".to_owned()),
                detail: format!(
                    "there is no {}; make the file or unset ENV",
                    sources.dir.join(format!("{name}.toml")).display()
                ),
            })),
        }
    }
    layers
}

/// The file of a name, or else the sample that is built in.
fn file(sources: &Sources, name: &str, sample: Option<&str>) -> Option<Result<Named, Problem>> {
    let path = sources.dir.join(format!("{name}.toml"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(Named::toml(path.display().to_string(), &text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            sample.map(|text| Named::toml(format!("built-in sample {name}"), text))
        }
        Err(error) => Some(Err(Problem {
            key: path.display().to_string(),
            source: None,
            detail: format!("cannot be read: {error}"),
        })),
    }
}

fn variables(sources: &Sources, defaults: &Value) -> Vec<Result<Named, Problem>> {
    let ours = sources.variables.iter().filter(|(name, _)| {
        name.starts_with(PREFIX)
            && !is_service_link(name)
            && !OTHER_VARIABLES.contains(&name.as_str())
            && !TOOL_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    });
    ours.map(|(name, text)| variable(name, text, defaults)).collect()
}

/// Whether a variable is one of those that Kubernetes and Docker set in every container beside a service whose name
/// begins with `efls`, such as `EFLS_CONSOLE_PORT=tcp://10.0.0.7:5000`. Settings have two underscores in a row.
fn is_service_link(name: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = |text: &str| {
        let mut parts = text.splitn(3, '_');
        let (first, protocol, last) = (parts.next(), parts.next(), parts.next());
        first.is_some_and(number)
            && matches!(protocol, Some("TCP" | "UDP" | "SCTP"))
            && matches!(last, None | Some("PROTO" | "PORT" | "ADDR"))
    };
    let ending = |word: &str| name.rsplit_once(word).map(|(_, rest)| rest);
    !name.contains("__")
        && (name.ends_with("_SERVICE_HOST")
            || ending("_SERVICE_PORT").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            || ending("_PORT").is_some_and(str::is_empty)
            || name
                .match_indices("_PORT_")
                .any(|(at, word)| port(&name[at + word.len()..])))
}

fn variable(name: &str, text: &str, defaults: &Value) -> Result<Named, Problem> {
    let key = known_key(&name[PREFIX.len()..].to_lowercase().replace("__", "."), defaults);
    let source = format!("environment variable {name}");
    if defaults.find_ref(&key).is_none()
        && let Some(of_file) = key
            .strip_suffix("_file")
            .filter(|key| defaults.find_ref(key).is_some())
    {
        let content = std::fs::read_to_string(text).map_err(|error| Problem {
            key: of_file.to_owned(),
            source: Some(source.clone()),
            detail: format!("the file {text} cannot be read: {error}"),
        })?;
        return Ok(Named::one(
            source,
            of_file,
            typed(of_file, content.trim_end(), defaults),
        ));
    }
    Ok(Named::one(source, &key, typed(&key, text, defaults)))
}

/// The key as the settings have it: shells know no variables with a `-`, which names of engines may have.
fn known_key(key: &str, defaults: &Value) -> String {
    let engines = defaults.find_ref("engines").and_then(Value::as_dict);
    let known = engines.into_iter().flatten().find_map(|(name, _)| {
        let rest = key
            .strip_prefix("engines.")?
            .strip_prefix(&name.replace('-', "_"))?;
        rest.starts_with('.').then(|| format!("engines.{name}{rest}"))
    });
    known.unwrap_or_else(|| key.to_owned())
}

/// The value of a text, which stays a text where the setting is one: a password of digits is no number.
fn typed(key: &str, text: &str, defaults: &Value) -> Value {
    match defaults.find_ref(key) {
        None | Some(Value::String(..)) => Value::from(text),
        Some(_) => text
            .parse()
            .unwrap_or_else(|never: std::convert::Infallible| match never {}),
    }
}
