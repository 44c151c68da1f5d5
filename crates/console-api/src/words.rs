//! The words of the API, for its description: fields hold them as text, the description lists which there are.

use console_model::{InstanceStatus, LinkStatus, MessageState, PartnerTrust, StopCause};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

fn of(words: impl IntoIterator<Item = &'static str>, description: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(words))
        .into()
}

macro_rules! words {
    ($($name:ident: $doc:literal = $words:expr;)+) => {
        $(
            #[doc = $doc]
            pub(crate) struct $name;

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    of($words, $doc)
                }
            }

            impl ToSchema for $name {}
        )+
    };
}

words! {
    RunStatus: "The state of one half of a run." = InstanceStatus::ALL.iter().map(|status| status.word());
    HistoryState: "What a half of a run has become; `deleted` when the partner deleted its half."
        = InstanceStatus::ALL.iter().map(|status| status.word()).chain(["deleted"]);
    HistorySide: "Whose half: ours, or the partner's as far as the partner told."
        = console_model::HistorySide::ALL.iter().map(|side| side.word());
    RunStopCause: "Why a run was stopped." = StopCause::ALL.iter().map(|cause| cause.word());
    HeldUpReason: "What holds a run up." = console_app::instances::HeldUpReason::ALL.iter().map(|reason| reason.word());
    LimitCode: "Which limit is reached." = console_app::reached_limits::Limit::ALL.iter().map(|limit| limit.word());
    LimitUnit: "What the figures of a limit count." = console_app::reached_limits::Unit::ALL.iter().map(|unit| unit.word());
    Link: "How far both sides know it: `draft` until the partner has answered."
        = LinkStatus::ALL.iter().map(|status| status.word());
    Trust: "How far a partner is trusted; `base` speaks the original's protocol, unsigned."
        = PartnerTrust::ALL.iter().map(|trust| trust.word());
    OutboxState: "What became of a message." = MessageState::ALL.iter().map(|state| state.word());
    UserRole: "A role; `unknown` stands for one that nobody knows, which has no rights."
        = ["root", "admin", "default", "unknown"];
    ActorKind: "Who caused it." = ["operator", "partner", "engine", "console"];
    LogLevel: "How much a line matters." = ["debug", "info", "warn", "error"];
    InvitationState: "Whether an invitation can still be used." = ["open", "used", "revoked", "expired"];
    Right: "What an account may do." = console_app::rights::Right::ALL.iter().map(|right| right.word());
    ErrorCode: "Why a request was not done. A later version may have further codes."
        = console_model::ErrorCode::ALL.iter().map(|code| code.word());
    FieldCode: "What is wrong with a field; `said` where only `detail` tells."
        = console_model::FieldCode::ALL.iter().map(|code| code.word());
    Verdict: "What a check means." = ["good", "not_accepted_yet", "faulty"];
    CheckedPart: "What a step looks at." = ["name", "tcp", "tls", "http", "console", "signature", "clock"];
    StepOutcome: "How a step ended." = ["passed", "warned", "failed", "skipped"];
}

/// The bytes of a file.
pub(crate) struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of a file."))
            .into()
    }
}

impl ToSchema for FileBytes {}
