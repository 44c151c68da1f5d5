//! The operator API as this demonstration uses it.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::data::Table;
use super::folder::USER;
use super::process::Place;

/// How often a state is looked at that should change soon.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// One console, signed in.
pub(super) struct Console {
    /// `host` or `peer`.
    pub(super) side: &'static str,
    /// Its address.
    pub(super) address: String,
    http: reqwest::Client,
    token: String,
}

impl Console {
    /// Makes the administrator if there is none, and signs in.
    pub(super) async fn sign_in(side: &'static str, at: &Place, password: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .build()?;
        let mut console = Self {
            side,
            address: at.address.clone(),
            http,
            token: String::new(),
        };
        let account = json!({ "name": USER, "password": password });
        if let Some(code) = &at.setup_code {
            let mut first = account.clone();
            first["code"] = json!(code);
            console
                .post("setup", &first)
                .await
                .with_context(|| format!("the {side}'s first account"))?;
        }
        let session = console.post("session", &account).await;
        let session = session.with_context(|| format!("signing in at the {side}'s console"))?;
        text(&session, "token")?.clone_into(&mut console.token);
        Ok(console)
    }

    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.request(Method::GET, path).send().await?).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        read(self.request(Method::POST, path).json(body).send().await?).await
    }

    /// Changes what `current` shows.
    pub(super) async fn patch(&self, path: &str, current: &Value, body: &Value) -> anyhow::Result<Value> {
        let tag = format!("\"{}\"", current["generation"]);
        read(
            self.request(Method::PATCH, path)
                .header(IF_MATCH, tag)
                .json(body)
                .send()
                .await?,
        )
        .await
    }

    /// The first item of a list that fits.
    pub(super) async fn find(
        &self,
        list: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Option<Value>> {
        let mut cursor = None;
        loop {
            let page = match &cursor {
                None => self.get(list).await?,
                Some(cursor) => {
                    let sign = if list.contains('?') { '&' } else { '?' };
                    self.get(&format!("{list}{sign}cursor={cursor}")).await?
                }
            };
            let items = page.as_array().or_else(|| page["items"].as_array());
            if let Some(item) = items.into_iter().flatten().find(|item| fits(item)) {
                return Ok(Some(item.clone()));
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(None),
            }
        }
    }

    /// Looks at something until it is as it should be.
    pub(super) async fn wait_for(
        &self,
        what: &str,
        bound: Duration,
        look: impl AsyncFn() -> anyhow::Result<Option<Value>>,
    ) -> anyhow::Result<Value> {
        let found = tokio::time::timeout(bound, async {
            loop {
                if let Some(found) = look().await? {
                    return anyhow::Ok(found);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        let side = self.side;
        found
            .await
            .map_err(|_| anyhow!("{what} did not happen on the {side}'s console within {bound:?}"))?
    }

    /// Stores a table as an object, and gives its URI.
    pub(super) async fn upload(&self, table: &Table) -> anyhow::Result<String> {
        let path = format!("objects/{}", table.name);
        let there = self.request(Method::HEAD, &path).send().await?;
        if there.status() == StatusCode::NOT_FOUND {
            let answer = self
                .request(Method::PUT, &path)
                .header(CONTENT_TYPE, "application/octet-stream")
                .body(table.content.clone())
                .send()
                .await?;
            read(answer)
                .await
                .with_context(|| format!("storing {}", table.name))?;
        }
        let object = self.get(&format!("{path}/info")).await?;
        Ok(text(&object["object"], "uri")?.to_owned())
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}/api/v1/{path}", self.address))
            .bearer_auth(&self.token)
    }
}

/// The answer, or what the problem report says.
async fn read(answer: reqwest::Response) -> anyhow::Result<Value> {
    let (status, url) = (answer.status(), answer.url().path().to_owned());
    let text = answer.text().await?;
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_success() {
        return Ok(value);
    }
    let mut words: Vec<&str> = value["detail"].as_str().into_iter().collect();
    words.extend(
        value["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["detail"].as_str()),
    );
    if words.is_empty() {
        bail!("{url} answers {status}");
    }
    words.dedup();
    bail!("{}", words.join("; "))
}

/// A text of an object that must have it.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("an answer of the console lacks {key:?}"))
}
