//! The engines that a program has, and the settings of each.
//!
//! Each engine has one section, `[engines.<name>]`. The setting `enabled` in it is ours; everything else is read into the
//! engine's own struct.

mod kubernetes;
mod local;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context, ensure};
use console_app::engines::Engines;
use figment::value::{Dict, Empty, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use task_interface::Engine;

/// Problems: setting, and what is wrong.
type Found = Vec<(String, String)>;
type Check = dyn Fn(&Value) -> Found + Send + Sync;
type Add = dyn Fn(&Value, Engines) -> anyhow::Result<Engines> + Send + Sync;

const ENABLED: &str = "enabled";

/// An engine that can be made when its settings are known.
pub(crate) struct Plug {
    name: &'static str,
    /// The settings and their defaults; none when they stand in `config/default.toml`.
    defaults: Option<Dict>,
    check: Box<Check>,
    add: Arc<Add>,
}

impl Plug {
    /// An engine whose settings are the fields of a struct's `Default`.
    pub(crate) fn new<S, E, X>(
        name: &'static str,
        make: impl Fn(S) -> Result<E, X> + Send + Sync + 'static,
    ) -> Self
    where
        S: Serialize + DeserializeOwned + Default,
        E: Engine,
        X: Into<anyhow::Error>,
    {
        let settings = Value::serialize(S::default()).ok().and_then(Value::into_dict);
        let mut defaults = settings.unwrap_or_default();
        defaults.insert(ENABLED.to_owned(), Value::from(true));
        Self {
            defaults: Some(defaults),
            ..Self::documented(name, |_: &S| Found::new(), make)
        }
    }

    /// An engine whose settings stand in `config/default.toml`.
    fn documented<S: DeserializeOwned, E: Engine, X: Into<anyhow::Error>>(
        name: &'static str,
        problems: impl Fn(&S) -> Found + Send + Sync + 'static,
        make: impl Fn(S) -> Result<E, X> + Send + Sync + 'static,
    ) -> Self {
        let check = move |settings: &Value| match read::<S>(settings) {
            Ok(settings) => problems(&settings),
            Err(error) => {
                let told = |error: figment::Error| (error.path.join("."), error.kind.to_string());
                (*error).into_iter().map(told).collect()
            }
        };
        let add = move |settings: &Value, engines: Engines| {
            let engine = read::<S>(settings)
                .map_err(anyhow::Error::from)
                .and_then(|settings| make(settings).map_err(Into::into))
                .with_context(|| format!("the engine {name} cannot be made"))?;
            let described = engine.describe().name;
            ensure!(
                described == name,
                "the engine that is registered as {name} describes itself as {described}"
            );
            Ok(engines.with(engine))
        };
        Self {
            name,
            defaults: None,
            check: Box::new(check),
            add: Arc::new(add),
        }
    }
}

/// The settings of an engine. One without settings takes `()`, which is no section.
fn read<S: DeserializeOwned>(settings: &Value) -> Result<S, Box<figment::Error>> {
    if settings.as_dict().is_some_and(Dict::is_empty)
        && let Ok(none) = Value::from(Empty::Unit).deserialize()
    {
        return Ok(none);
    }
    settings.deserialize().map_err(Box::new)
}

/// The engines of a program: the one list.
pub(crate) struct Registry(Vec<Plug>);

impl Registry {
    /// The engines that are built in.
    pub(crate) fn built_in() -> Self {
        Self(vec![local::plug(), kubernetes::plug()])
    }

    pub(crate) fn add(&mut self, plug: Plug) {
        self.0.push(plug);
    }

    /// The sections whose defaults do not stand in `config/default.toml`.
    pub(crate) fn defaults(&self) -> Dict {
        let plugs = self.0.iter();
        let sections = plugs.filter_map(|plug| {
            let section = plug.defaults.clone()?;
            Some((plug.name.to_owned(), Value::from(section)))
        });
        sections.collect()
    }

    /// The engines that their sections enable, and what is wrong in the sections.
    pub(crate) fn resolve(&self, sections: &BTreeMap<String, Value>) -> (Enabled, Found) {
        let (mut enabled, mut found) = (Vec::new(), Found::new());
        for plug in &self.0 {
            let section = format!("engines.{}", plug.name);
            if self.0.iter().filter(|other| other.name == plug.name).count() > 1 {
                found.push((section, "two engines of this program have this name".to_owned()));
                continue;
            }
            let mut settings = sections
                .get(plug.name)
                .cloned()
                .and_then(Value::into_dict)
                .unwrap_or_default();
            let is_enabled = settings.remove(ENABLED).and_then(|value| value.to_bool());
            if is_enabled != Some(true) {
                continue;
            }
            let settings = Value::from(settings);
            let problems = (plug.check)(&settings).into_iter();
            found.extend(problems.map(|(setting, text)| match setting.as_str() {
                "" => (section.clone(), text),
                setting => (format!("{section}.{setting}"), text),
            }));
            enabled.push((plug.name, settings, Arc::clone(&plug.add)));
        }
        (Enabled(enabled), found)
    }
}

/// The engines that the configuration enables, each with its settings.
#[derive(Clone, Default)]
pub(crate) struct Enabled(Vec<(&'static str, Value, Arc<Add>)>);

impl Enabled {
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|(name, ..)| *name).collect()
    }

    /// Makes them.
    ///
    /// # Errors
    /// When one cannot be made, or calls itself by another name.
    pub(crate) fn open(&self) -> anyhow::Result<Engines> {
        let mut engines = self.0.iter();
        engines.try_fold(Engines::default(), |engines, (_, settings, add)| {
            add(settings, engines)
        })
    }
}

impl fmt::Debug for Enabled {
    /// Settings may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests;
