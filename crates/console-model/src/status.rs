use crate::UnknownValue;

macro_rules! numbered_words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $number:literal $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The number in the database.
            #[must_use]
            pub const fn number(self) -> i16 {
                match self { $(Self::$variant => $number,)+ }
            }

            /// The word in APIs.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// From the number in the database.
            ///
            /// # Errors
            /// [`UnknownValue`](crate::UnknownValue) for any other number.
            pub fn from_number(number: i16) -> Result<Self, $crate::UnknownValue> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownValue { what: $what, value: number.to_string() }),
                }
            }

            /// From the word in APIs.
            ///
            /// # Errors
            /// [`UnknownValue`](crate::UnknownValue) for any other word.
            pub fn from_word(word: &str) -> Result<Self, $crate::UnknownValue> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownValue { what: $what, value: word.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        #[cfg(feature = "columns")]
        $crate::column::number_column!($name, $name::from_number);
    };
}
pub(crate) use numbered_words;

numbered_words! {
    /// How far a project or a pairing is known to both sides (`project.status`, `task_inter.status`).
    LinkStatus, "link status" {
        /// Made here, the partner does not know it yet.
        Draft = 0 "draft",
        /// Both sides know it.
        Ready = 1 "ready",
        /// Closed: nothing new happens, reading stays.
        Archive = 2 "archive",
    }
}

numbered_words! {
    /// What a task does (`task_intra.type`).
    TaskType, "task type" {
        /// Joins samples of both sides.
        Sample = 0 "sample",
        /// Trains a model over both sides.
        Train = 1 "train",
    }
}

numbered_words! {
    /// How far we trust a partner (`partner.trust`).
    PartnerTrust, "partner trust" {
        /// We accepted its invitation; it has not answered yet.
        Pending = 0 "pending",
        /// Keys are exchanged: signed calls are accepted.
        Paired = 1 "paired",
        /// An administrator paused it: its calls are refused, ours wait.
        Suspended = 2 "suspended",
        /// The pairing ended: its calls are refused, nothing is sent.
        Unpaired = 3 "unpaired",
        /// It speaks the base protocol only, and an administrator opted in.
        Base = 4 "base",
    }
}

numbered_words! {
    /// What an operator answered when a partner asked for a run (`consent.decision`).
    ConsentDecision, "consent decision" {
        /// Yes.
        Accepted = 1 "accepted",
        /// No.
        Refused = 2 "refused",
    }
}

numbered_words! {
    /// How far an answer holds (`consent.scope`).
    ConsentScope, "consent scope" {
        /// For this attempt of this run.
        Attempt = 0 "attempt",
        /// For every run of the task version, as long as what runs stays the same.
        TaskVersion = 1 "task_version",
    }
}

numbered_words! {
    /// What became of a message to a partner (`outbox_message.state`).
    MessageState, "message state" {
        /// To be sent, or being sent.
        Waiting = 0 "waiting",
        /// The partner has it.
        Delivered = 1 "delivered",
        /// The partner answered a definite no.
        Refused = 2 "refused",
        /// An operator gave up on it.
        GivenUp = 3 "given_up",
    }
}

/// What an operator may do. Stored as a number; an adopted database can hold numbers that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// May do everything, grants root and admin.
    Root,
    /// Manages users, partners and projects.
    Admin,
    /// Works on tasks as far as its rights say.
    Default,
    /// A number that is none of the three: no rights at all, shown as such.
    Unknown(i16),
}

impl Role {
    /// The number in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Root => 0,
            Self::Admin => 1,
            Self::Default => 2,
            Self::Unknown(number) => number,
        }
    }

    /// From the number in the database; never fails, see [`Role::Unknown`].
    #[must_use]
    pub const fn from_number(number: i16) -> Self {
        match number {
            0 => Self::Root,
            1 => Self::Admin,
            2 => Self::Default,
            other => Self::Unknown(other),
        }
    }

    /// The word in APIs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Admin => "admin",
            Self::Default => "default",
            Self::Unknown(_) => "unknown",
        }
    }

    /// From the word in APIs. `unknown` cannot be given.
    ///
    /// # Errors
    /// [`UnknownValue`] for any word but `root`, `admin` and `default`.
    pub fn from_word(word: &str) -> Result<Self, UnknownValue> {
        match word {
            "root" => Ok(Self::Root),
            "admin" => Ok(Self::Admin),
            "default" => Ok(Self::Default),
            _ => Err(UnknownValue {
                what: "role",
                value: word.to_owned(),
            }),
        }
    }

    /// Root or admin.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        matches!(self, Self::Root | Self::Admin)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(feature = "columns")]
crate::column::number_column!(Role, |number| Ok(Role::from_number(number)));
