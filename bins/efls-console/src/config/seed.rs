//! The environment variables of earlier releases, with the meaning that they had there.
//!
//! A variable of the form `EFLS_…` wins over these: Kubernetes sets `MYSQL_SERVICE_HOST` in every pod beside a service
//! called `mysql`, whether it is meant for us or not.

use std::collections::BTreeMap;

use figment::Figment;
use figment::value::Value;
use url::Url;

use super::Sources;
use super::layers::Named;

/// What earlier releases put into every address of a database that they made from variables.
const MYSQL_USER: &str = "root";
const MYSQL_PASSWORD: &str = "Ali-fl";
const MYSQL_DATABASE: &str = "alifl";
const STORE_ACCESS_KEY: &str = "alifl";
const STORE_SECRET_KEY: &str = "aliflminio";

/// One source for each variable that is set.
pub(super) fn layers(sources: &Sources, files: &Figment) -> Vec<Named> {
    let get = |name: &str| {
        sources
            .variables
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    let mut layers = Vec::new();
    let mut set = |name: &str, key: &str, value: Value| {
        layers.push(Named::one(format!("environment variable {name}"), key, value));
    };
    if let Some(prefix) = get("STATIC") {
        set(
            "STATIC",
            "service.base_path",
            format!("/{}", prefix.trim_matches('/')).into(),
        );
    }
    if let Some(port) = get("PORT") {
        set(
            "PORT",
            "service.port",
            port.parse::<u64>().map_or_else(|_| port.into(), Value::from),
        );
    }
    for name in ["BASE_URL", "BASE-URL"] {
        if let Some(address) = get(name) {
            set(name, "service.base_url", address.into());
        }
    }
    let host_variable = if get("STATIC") == Some("host") {
        "MYSQL_SERVICE_HOST"
    } else {
        "MYSQLPEER_SERVICE_HOST"
    };
    if let Some((host, port)) = host_and_port(&sources.variables, host_variable) {
        let configured = files.extract_inner::<String>("database.url").unwrap_or_default();
        set(
            host_variable,
            "database.url",
            database_url(&configured, host, port).into(),
        );
    }
    if let Some((host, port)) = host_and_port(&sources.variables, "MINIO_SERVICE_SERVICE_HOST") {
        let name = "MINIO_SERVICE_SERVICE_HOST";
        set(name, "storage.kind", "s3".into());
        set(
            name,
            "storage.s3.endpoint",
            format!("http://{}:{port}", bracketed(host)).into(),
        );
        for (key, default) in [("access_key", STORE_ACCESS_KEY), ("secret_key", STORE_SECRET_KEY)] {
            let key = format!("storage.s3.{key}");
            if files.extract_inner::<String>(&key).unwrap_or_default().is_empty() {
                set(name, &key, default.into());
            }
        }
    }
    layers
}

/// Both or nothing, as in earlier releases.
fn host_and_port<'a>(variables: &'a BTreeMap<String, String>, host: &str) -> Option<(&'a str, &'a str)> {
    let port = host.replace("_HOST", "_PORT");
    let (host, port) = (variables.get(host)?, variables.get(&port)?);
    (!host.is_empty() && !port.is_empty()).then_some((host.as_str(), port.as_str()))
}

/// The database `alifl` at the given place, with user and password of the configured address if it is one of MySQL.
fn database_url(configured: &str, host: &str, port: &str) -> String {
    let configured = Url::parse(configured)
        .ok()
        .filter(|url| matches!(url.scheme(), "mysql" | "mariadb"));
    let (user, password) = configured.as_ref().map_or((MYSQL_USER, MYSQL_PASSWORD), |url| {
        (url.username(), url.password().unwrap_or_default())
    });
    format!(
        "mysql://{user}:{password}@{}:{port}/{MYSQL_DATABASE}",
        bracketed(host)
    )
}

fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}
