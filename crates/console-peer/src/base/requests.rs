use console_model::{PairingId, ProjectId, TaskType, TaskVersion};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::members::{Members, wrong};
use super::{BaseError, ConfigText};
use crate::Word;
use crate::refusal::SharedSettings;

/// The longest `peer_url`, in characters (the width of its column).
const LONGEST_URL: usize = 256;
/// The longest token, in characters (the width of its column).
const LONGEST_TOKEN: usize = 256;

/// `POST /project/peer`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectCreate {
    /// The sender's id of the project.
    pub peer_id: ProjectId,
    /// The sender's base address. Any text when received: only a comparison with known partners gives it a meaning.
    pub peer_url: String,
    /// The sender's config of the project.
    pub peer_config: ConfigText,
}

impl ProjectCreate {
    /// Reads a body.
    ///
    /// # Errors
    /// The 400 to answer.
    pub fn parse(body: &[u8]) -> Result<Self, BaseError> {
        let mut members = Members::read(body, &["peer_id", "peer_url"])?;
        Ok(Self {
            peer_id: members.parsed("peer_id", ProjectId::parse)?,
            peer_url: members.text("peer_url", LONGEST_URL, true)?,
            peer_config: members.config("peer_config")?,
        })
    }
}

/// `PUT /project/peer/<sender's project id>`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectUpdate {
    /// The sender's config: merged over what is stored, unless `replace` is true. `Absent` and `Null` change nothing
    /// (with `replace`, `Null` empties it).
    pub peer_config: ConfigText,
    /// Extension: the config replaces what is stored, so that a key can be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// Extension: the project is closed on the sender's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

impl ProjectUpdate {
    /// Reads a body. An absent config passes; text that is not a JSON object does not.
    ///
    /// # Errors
    /// The 400 to answer.
    pub fn parse(body: &[u8]) -> Result<Self, BaseError> {
        let mut members = Members::read(body, &[])?;
        let peer_config = members.config("peer_config")?;
        if matches!(peer_config, ConfigText::Other { .. }) {
            return Err(wrong("peer_config", "it is not the text of a JSON object"));
        }
        Ok(Self {
            peer_config,
            replace: members.truth_if_given("replace")?,
            archived: members.truth_if_given("archived")?,
        })
    }

    /// The same request without the members that a base console does not know.
    #[must_use]
    pub fn without_extensions(&self) -> Self {
        Self {
            peer_config: self.peer_config.clone(),
            replace: None,
            archived: None,
        }
    }
}

fn as_text<S: Serializer>(version: &TaskVersion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(version.as_str())
}

/// `POST /task/peer/<sender's pairing id>`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskPair {
    /// The word by which the two operators named the task.
    pub token: String,
    /// The version that both sides are to carry.
    #[serde(serialize_with = "as_text")]
    pub version: TaskVersion,
    /// True for the root (the first version), false for a further version.
    pub task_root: bool,
    /// Extension: the sender's number of the version, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_number: Option<u32>,
    /// Extension: the sender's id of the project, so that the token need not be unique over all projects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_peer_id: Option<ProjectId>,
    /// Extension: the sender's type of the task, to be compared with ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_type: Option<Word<TaskType>>,
    /// Extension: the sender's public meta.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
    /// Extension: the sender's settings that both sides must agree on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_settings: Option<SharedSettings>,
}

impl TaskPair {
    /// Reads a body.
    ///
    /// # Errors
    /// The 400 to answer.
    pub fn parse(body: &[u8]) -> Result<Self, BaseError> {
        let mut members = Members::read(body, &["task_root", "version", "token"])?;
        Ok(Self {
            token: members.text("token", LONGEST_TOKEN, false)?,
            version: members.parsed("version", TaskVersion::parse)?,
            task_root: members.truth("task_root")?,
            version_number: members.count_if_given("version_number")?,
            project_peer_id: members.parsed_if_given("project_peer_id", ProjectId::parse)?,
            task_type: members.word_if_given("task_type")?,
            meta: members.value_if_given("meta"),
            shared_settings: members.settings_if_given("shared_settings")?,
        })
    }

    /// The same request without the members that a base console does not know.
    #[must_use]
    pub fn without_extensions(&self) -> Self {
        Self {
            version_number: None,
            project_peer_id: None,
            task_type: None,
            meta: None,
            shared_settings: None,
            ..self.clone()
        }
    }
}

/// `POST /task_instance/peer/<sender's instance id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstanceCreate {
    /// The **receiver's** id of the pairing.
    pub task_peer_id: PairingId,
    /// Extension: which attempt of the sender's instance this is, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Extension: the sender's settings that both sides must agree on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_settings: Option<SharedSettings>,
}

impl InstanceCreate {
    /// Reads a body.
    ///
    /// # Errors
    /// The 400 to answer.
    pub fn parse(body: &[u8]) -> Result<Self, BaseError> {
        let mut members = Members::read(body, &["task_peer_id"])?;
        Ok(Self {
            task_peer_id: members.parsed("task_peer_id", PairingId::parse)?,
            attempt: members.count_if_given("attempt")?,
            shared_settings: members.settings_if_given("shared_settings")?,
        })
    }

    /// The same request without the members that a base console does not know.
    #[must_use]
    pub fn without_extensions(&self) -> Self {
        Self {
            task_peer_id: self.task_peer_id.clone(),
            attempt: None,
            shared_settings: None,
        }
    }
}

/// What a `PUT` of an instance's status asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCommand {
    /// 3: start an instance that is ready or ended.
    Run,
    /// 5: stop a running instance.
    Stop,
    /// Any other number: changes nothing; the answer is the present status.
    Other(i64),
}

impl StatusCommand {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Run => 3,
            Self::Stop => 5,
            Self::Other(number) => number,
        }
    }

    /// From the number on the wire; never fails.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        match number {
            3 => Self::Run,
            5 => Self::Stop,
            other => Self::Other(other),
        }
    }
}

impl Serialize for StatusCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

/// `PUT /task_instance/peer/<sender's instance id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstanceUpdate {
    /// What is asked for.
    pub status: StatusCommand,
    /// Extension: the attempt of the sender's instance that is meant, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
}

impl InstanceUpdate {
    /// Reads a body.
    ///
    /// # Errors
    /// The 400 to answer.
    pub fn parse(body: &[u8]) -> Result<Self, BaseError> {
        let mut members = Members::read(body, &["status"])?;
        Ok(Self {
            status: StatusCommand::from_number(members.whole("status")?),
            attempt: members.count_if_given("attempt")?,
        })
    }

    /// The same request without the members that a base console does not know.
    #[must_use]
    pub const fn without_extensions(&self) -> Self {
        Self {
            status: self.status,
            attempt: None,
        }
    }
}
