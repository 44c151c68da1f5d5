//! Who asks, and what they may.

use std::collections::HashMap;

use http::HeaderMap;
use serde_json::{Value, json};

use crate::answer::{Refusal, details};
use crate::store::text;

/// Something that a user may do, in every namespace.
#[derive(Debug, Clone)]
pub struct Rule {
    group: String,
    resource: String,
    verbs: Vec<String>,
}

impl Rule {
    /// Verbs (`get`, `list`, `watch`, `create`, `patch`, `update`, `delete`, `deletecollection`) on a resource such as
    /// `jobs` or `pods/log` of a group; the core group has an empty name.
    pub fn new(group: &str, resource: &str, verbs: &[&str]) -> Self {
        let verbs = verbs.iter().map(|verb| (*verb).to_owned()).collect();
        Self {
            group: group.into(),
            resource: resource.into(),
            verbs,
        }
    }
}

/// The users and their rights; without rules, a user may do all.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_token: HashMap<String, (String, Option<Vec<Rule>>)>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct User {
    name: String,
    rules: Option<Vec<Rule>>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) verb: &'a str,
    pub(crate) group: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
}

impl Users {
    pub(crate) fn add(&mut self, token: &str, rules: Option<Vec<Rule>>) {
        let name = match &rules {
            None => "stand-in".into(),
            Some(_) => format!("user-{}", self.by_token.len()),
        };
        self.by_token.insert(token.into(), (name, rules));
    }

    /// Who sent a request: by the token, or whom the sender says to act for (who may nothing). Without a token, the
    /// anonymous user, who may nothing either.
    pub(crate) fn sender(&self, headers: &HeaderMap) -> Result<User, Refusal> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(given) = header("authorization") else {
            return Ok(User {
                name: "system:anonymous".into(),
                rules: Some(Vec::new()),
            });
        };
        let token = given.strip_prefix("Bearer ").unwrap_or_default();
        let (name, rules) = self
            .by_token
            .get(token)
            .cloned()
            .ok_or_else(Refusal::unauthorized)?;
        Ok(match header("impersonate-user") {
            Some(name) => User {
                name: name.into(),
                rules: Some(Vec::new()),
            },
            None => User { name, rules },
        })
    }
}

impl User {
    pub(crate) fn may(&self, wish: Wish) -> bool {
        let Some(rules) = &self.rules else { return true };
        let resource = wish.full_resource();
        rules.iter().any(|rule| {
            rule.group == wish.group
                && rule.resource == resource
                && rule.verbs.iter().any(|verb| verb == wish.verb)
        })
    }

    pub(crate) fn need(&self, wish: Wish) -> Result<(), Refusal> {
        if self.may(wish) {
            return Ok(());
        }
        let dotted = if wish.group.is_empty() {
            wish.resource.to_owned()
        } else {
            format!("{}.{}", wish.resource, wish.group)
        };
        let subject = if wish.name.is_empty() {
            format!("{dotted} is")
        } else {
            format!("{dotted} \"{}\" is", wish.name)
        };
        let place = if wish.namespace.is_empty() {
            "at the cluster scope".into()
        } else {
            format!("in the namespace \"{}\"", wish.namespace)
        };
        let message = format!(
            "{subject} forbidden: User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {place}",
            self.name,
            wish.verb,
            wish.full_resource(),
            wish.group,
        );
        Err(Refusal::new(403, "Forbidden", message).with(details(wish.name, wish.group, wish.resource)))
    }

    /// The answer to a SelfSubjectAccessReview.
    pub(crate) fn review(&self, mut review: Value) -> Value {
        let asked = &review["spec"]["resourceAttributes"];
        let wish = Wish {
            verb: text(asked, "/verb"),
            group: text(asked, "/group"),
            resource: text(asked, "/resource"),
            subresource: text(asked, "/subresource"),
            namespace: text(asked, "/namespace"),
            name: text(asked, "/name"),
        };
        let allowed = self.may(wish);
        review["status"] = if allowed {
            json!({"allowed": true, "reason": "RBAC: allowed by ClusterRoleBinding \"stand-in\""})
        } else {
            json!({"allowed": false})
        };
        if review["metadata"].is_null() {
            review["metadata"] = json!({});
        }
        review
    }
}

impl Wish<'_> {
    fn full_resource(&self) -> String {
        if self.subresource.is_empty() {
            self.resource.into()
        } else {
            format!("{}/{}", self.resource, self.subresource)
        }
    }
}
