//! Somebody who uses the operator API.

use console_app::operator::Permissions;
use console_app::{session, users};
use console_model::Role;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::peer::console::Console;

pub(crate) const PASSWORD: &str = "a long password";

/// Somebody who is signed in, or not.
pub(crate) struct Client<'a> {
    pub(crate) console: &'a Console,
    pub(crate) token: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) etag: Option<String>,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        let headers = answer.headers().clone();
        // A stream of events has no end.
        let endless = headers
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream");
        Self {
            status: answer.status().as_u16(),
            etag: headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned()),
            headers,
            body: if endless {
                Value::Null
            } else {
                answer.json().await.unwrap_or(Value::Null)
            },
        }
    }

    pub(crate) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    pub(crate) fn pointers(&self) -> Vec<&str> {
        self.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|part| part["pointer"].as_str())
            .collect()
    }

    pub(crate) fn id(&self) -> &str {
        self.body["id"].as_str().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An account without permissions besides its role.
pub(crate) fn new_user(name: &str, role: Role) -> users::NewUser {
    users::NewUser {
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        role,
        permissions: Permissions {
            add_task: false,
            run: false,
        },
        comment: None,
    }
}

impl<'a> Client<'a> {
    /// Makes an account without permissions on the machine, and signs in.
    pub(crate) async fn new(console: &'a Console, name: &str, role: Role) -> Self {
        users::create_on_machine(&console.app, new_user(name, role))
            .await
            .unwrap();
        let signed = session::sign_in(&console.app, name, PASSWORD, None, None, "test")
            .await
            .unwrap();
        Self {
            console,
            token: Some(signed.token),
        }
    }

    pub(crate) fn nobody(console: &'a Console) -> Self {
        Self { console, token: None }
    }

    /// A request to be built further.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = reqwest::Client::new().request(method, format!("{}/api/v1{path}", self.console.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send_if(method, path, body, None).await
    }

    pub(crate) async fn send_if(
        &self,
        method: Method,
        path: &str,
        body: Value,
        etag: Option<&str>,
    ) -> Answer {
        let mut request = self.request(method, path);
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        Answer::to(request).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Value::Null).await
    }

    /// Signs in over the API.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.post("/session", json!({ "name": name, "password": password }))
            .await
    }
}
