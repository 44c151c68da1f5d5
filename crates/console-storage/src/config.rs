use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

/// Where objects are kept. A section for each kind, so that an override can switch the kind without clearing the rest.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// Which back end is used.
    pub kind: StorageKind,
    /// Bucket of users' objects; `alifl` in the original console. For a local folder, a folder in it.
    pub bucket: String,
    /// `host:port` that engines reach the store by, in the URIs that we write, if it differs from the endpoint.
    pub public_endpoint: Option<String>,
    /// Settings of the kind `local`.
    pub local: LocalConfig,
    /// Settings of the kind `s3`.
    pub s3: S3Config,
}

/// Which back end is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// A folder on this machine.
    #[default]
    Local,
    /// A server that speaks S3, MinIO for example.
    S3,
}

/// Settings of a local folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// The folder; it is made if missing.
    pub dir: PathBuf,
}

/// Settings of an S3 server.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3Config {
    /// `http://host:port` or `https://host:port`.
    pub endpoint: String,
    /// Region that requests are signed for; MinIO's is `us-east-1`.
    pub region: String,
    /// Access key.
    pub access_key: String,
    /// Secret key.
    pub secret_key: Secret,
    /// `http://host/bucket/key` rather than `http://bucket.host/key`.
    pub path_style: bool,
    /// Make the bucket if it does not exist.
    pub create_bucket: bool,
    /// Longest silence of the server that is waited for, in seconds. The upload of a part may take four times as long.
    pub timeout_seconds: u64,
}

/// A text that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, to hand on, never to log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            kind: StorageKind::default(),
            bucket: "alifl".to_owned(),
            public_endpoint: None,
            local: LocalConfig::default(),
            s3: S3Config::default(),
        }
    }
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("data/objects"),
        }
    }
}

impl Default for S3Config {
    fn default() -> Self {
        Self {
            endpoint: "http://127.0.0.1:9000".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: String::new(),
            secret_key: Secret::default(),
            path_style: true,
            create_bucket: true,
            timeout_seconds: 30,
        }
    }
}

/// A setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct ConfigProblem {
    /// The setting, counted from the storage section, for example `s3.endpoint`.
    pub key: &'static str,
    /// What is wrong and what to write instead.
    pub problem: String,
}

impl StorageConfig {
    /// Every setting that cannot work; empty when all is well. Reads no file and calls no server.
    #[must_use]
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        let mut check = |good: bool, key, problem: &str| {
            if !good {
                found.push(ConfigProblem {
                    key,
                    problem: problem.to_owned(),
                });
            }
        };
        check(
            is_bucket_name(&self.bucket),
            "bucket",
            "must have 3 to 63 lower-case letters, digits, dots and hyphens, and start and end with a letter or digit",
        );
        check(
            self.public_endpoint
                .as_deref()
                .is_none_or(|text| endpoint_url(text).is_some()),
            "public_endpoint",
            "must be host:port, or an http or https address without a path",
        );
        match self.kind {
            StorageKind::Local => {
                check(
                    !self.local.dir.as_os_str().is_empty(),
                    "local.dir",
                    "must name a folder",
                );
            }
            StorageKind::S3 => {
                let s3 = &self.s3;
                check(
                    s3.endpoint.contains("://") && endpoint_url(&s3.endpoint).is_some(),
                    "s3.endpoint",
                    "must be an http or https address, for example http://127.0.0.1:9000",
                );
                check(
                    !s3.region.is_empty(),
                    "s3.region",
                    "must be set; MinIO's is us-east-1",
                );
                check(!s3.access_key.is_empty(), "s3.access_key", "must be set");
                check(!s3.secret_key.expose().is_empty(), "s3.secret_key", "must be set");
                check(
                    (1..=3600).contains(&s3.timeout_seconds),
                    "s3.timeout_seconds",
                    "must be 1 to 3600",
                );
            }
        }
        found
    }

    /// Scheme, host and port of the URIs that we write.
    pub(crate) fn uri_endpoint(&self) -> String {
        let text = match (&self.public_endpoint, self.kind) {
            (Some(text), _) => text.as_str(),
            (None, StorageKind::S3) => &self.s3.endpoint,
            (None, StorageKind::Local) => "localhost",
        };
        let text = text.trim_end_matches('/');
        if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        }
    }
}

fn is_bucket_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| plain(*b) || matches!(b, b'.' | b'-'))
        && plain(bytes[0])
        && plain(bytes[bytes.len() - 1])
        && !name.contains("..")
}

fn endpoint_url(text: &str) -> Option<Url> {
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&text).ok()?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && bare).then_some(url)
}
