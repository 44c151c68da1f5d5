//! Who changes a run, for its history.

use crate::Operator;

/// Who or what caused a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Person, partner, engine or the console itself.
    pub kind: ActorKind,
    /// The id of the person or partner.
    pub id: Option<String>,
    /// The id of the request that brought it.
    pub request_id: Option<String>,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person here.
    Operator,
    /// The other side.
    Partner,
    /// The engine.
    Engine,
    /// The console by itself.
    Console,
}

impl ActorKind {
    /// The word in the history.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Partner => "partner",
            Self::Engine => "engine",
            Self::Console => "console",
        }
    }
}

impl Actor {
    /// A person here.
    #[must_use]
    pub fn operator(operator: &Operator) -> Self {
        Self {
            kind: ActorKind::Operator,
            id: Some(operator.id.to_string()),
            request_id: Some(operator.request_id.clone()),
        }
    }

    /// The other side.
    #[must_use]
    pub fn partner(partner: &str, request_id: &str) -> Self {
        Self {
            kind: ActorKind::Partner,
            id: Some(partner.to_owned()),
            request_id: Some(request_id.to_owned()),
        }
    }

    /// The engine.
    #[must_use]
    pub const fn engine() -> Self {
        Self {
            kind: ActorKind::Engine,
            id: None,
            request_id: None,
        }
    }

    /// The console by itself.
    #[must_use]
    pub const fn console() -> Self {
        Self {
            kind: ActorKind::Console,
            id: None,
            request_id: None,
        }
    }
}
