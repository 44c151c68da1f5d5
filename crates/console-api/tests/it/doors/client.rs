//! A script that uses the operator API.

use console_app::operator::Permissions;
use console_app::{session, users};
use console_model::{Role, UserId};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::peer::console::Console;

pub(super) const PASSWORD: &str = "a long password";

/// Somebody at the door, signed in or not.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    url: String,
    pub(super) token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    /// Null when it is not JSON.
    pub(super) body: Value,
    pub(super) bytes: Vec<u8>,
}

impl Client {
    pub(super) fn anonymous(console: &Console) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: console.url.clone(),
            token: None,
        }
    }

    /// Makes an account without permissions besides its role, and signs in.
    pub(super) async fn new(console: &Console, name: &str, role: Role) -> Self {
        make_user(console, name, role).await;
        Self::signed_in(console, name).await
    }

    pub(super) async fn signed_in(console: &Console, name: &str) -> Self {
        let signed = session::sign_in(&console.app, name, PASSWORD, None, None, "test");
        Self {
            token: Some(signed.await.unwrap().token),
            ..Self::anonymous(console)
        }
    }

    /// A request below `/api/v1`.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.raw(method, &format!("/api/v1{path}"))
    }

    /// A request to any path.
    pub(super) fn raw(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        read(self.request(Method::GET, path)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Reply {
        read(self.request(Method::DELETE, path)).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Reply {
        read(self.request(Method::POST, path).json(&body)).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Reply {
        read(self.request(Method::PATCH, path).json(&body)).await
    }
}

pub(super) async fn make_user(console: &Console, name: &str, role: Role) -> UserId {
    let new = users::NewUser {
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        role,
        permissions: Permissions {
            add_task: false,
            run: false,
        },
        comment: None,
    };
    users::create_on_machine(&console.app, new).await.unwrap().id
}

pub(super) async fn read(request: RequestBuilder) -> Reply {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    // A stream of events has no end.
    let endless = headers
        .get("content-type")
        .is_some_and(|kind| kind == "text/event-stream");
    let bytes = if endless {
        Vec::new()
    } else {
        answer.bytes().await.unwrap().to_vec()
    };
    Reply {
        status,
        headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        bytes,
    }
}

impl Reply {
    pub(super) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn pointers(&self) -> Vec<&str> {
        let parts = self.body["errors"].as_array().into_iter().flatten();
        parts.filter_map(|part| part["pointer"].as_str()).collect()
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.body[key]
            .as_str()
            .unwrap_or_else(|| panic!("no {key} in {}", self.body))
    }

    /// An error in the one shape that all errors have, and not one of ours.
    #[track_caller]
    pub(super) fn assert_problem(&self, context: &str) {
        assert!(
            (400..500).contains(&self.status),
            "{context}: {} {}",
            self.status,
            self.body
        );
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{context}"
        );
        assert_eq!(self.body["type"], "about:blank", "{context}");
        assert_eq!(self.body["status"], self.status, "{context}");
        for key in ["title", "detail", "code", "request_id"] {
            assert!(
                self.body[key].as_str().is_some_and(|text| !text.is_empty()),
                "{context}: {key} of {}",
                self.body
            );
        }
        assert_eq!(self.header("x-request-id"), self.body["request_id"], "{context}");
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{context}");
    }
}
