//! The words by which programs, and the web console, tell errors of the operator API apart.

use std::fmt;

/// An enum of words: each variant with what it means, and the word that stands for it.
macro_rules! codes {
    ($(#[doc = $about:literal])+ $name:ident { $(#[doc = $meaning:literal] $code:ident = $word:literal,)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = $meaning] $code,)+
        }

        impl $name {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

codes! {
/// Why a request of an operator was not done. A word never changes its meaning; the web console has a title for each in
/// every language.
ErrorCode {
    // about the request
    /// Nobody is signed in.
    NotSignedIn = "not_signed_in",
    /// The name or the password is wrong.
    SignInRefused = "sign_in_refused",
    /// Too many failed sign-ins; wait.
    LockedOut = "locked_out",
    /// Too many passwords are checked at this moment.
    TooBusy = "too_busy",
    /// The old password is wrong.
    WrongPassword = "wrong_password",
    /// The code of the first start is wrong.
    WrongSetupCode = "wrong_setup_code",
    /// The first account was made already.
    SetupDone = "setup_done",
    /// The request comes from a page of another site.
    OtherOrigin = "other_origin",
    /// The operator's role or rights do not allow it.
    Forbidden = "forbidden",
    /// It is not there, or not the caller's.
    NotFound = "not_found",
    /// There is nothing at this address.
    NoRoute = "no_route",
    /// The address answers to other methods only.
    MethodNotAllowed = "method_not_allowed",
    /// The request is not valid HTTP for this server.
    HttpError = "http_error",
    /// The body is not announced as JSON.
    NotJson = "not_json",
    /// The body is not JSON.
    MalformedJson = "malformed_json",
    /// The JSON is nested too deeply.
    JsonTooDeep = "json_too_deep",
    /// The character NUL is in the request.
    NulCharacter = "nul_character",
    /// The body has too many bytes.
    BodyTooLarge = "body_too_large",
    /// The body did not arrive in time.
    BodyTooSlow = "body_too_slow",
    /// The body broke off.
    BodyBroken = "body_broken",
    /// The cursor was not given out by this list.
    BadCursor = "bad_cursor",
    /// `If-Match` holds no entity tag of this console.
    BadIfMatch = "bad_if_match",
    /// The idempotency key has the wrong form.
    BadIdempotencyKey = "bad_idempotency_key",
    /// The idempotency key belongs to another request.
    IdempotencyKeyReused = "idempotency_key_reused",
    /// The same request is being done.
    RequestInProgress = "request_in_progress",
    /// Fields of the input are wrong; `errors` says which.
    InvalidInput = "invalid_input",
    /// The row was changed since it was read.
    Stale = "stale",
    /// Something with the same unique value exists.
    AlreadyExists = "already_exists",
    /// The name is in use.
    NameTaken = "name_taken",
    /// Too many streams of changes are open.
    TooManyListeners = "too_many_listeners",
    /// An address, or everybody together, has all the connections that are given out.
    TooManyConnections = "too_many_connections",
    /// The file is not a table in a form that can be read.
    NotATable = "not_a_table",
    /// No engine here reads tables.
    NoPreview = "no_preview",
    /// As many tables as may wait are waiting to be looked at.
    TooManyProfiles = "too_many_profiles",
    /// The user uploads as many files as are taken at a time.
    TooManyUploads = "too_many_uploads",
    /// The user's files have as many bytes as they may have together.
    UserFilesFull = "user_files_full",
    /// A part of the console does not answer.
    Unavailable = "unavailable",
    /// A fault of the console.
    Internal = "internal",
    // files
    /// A file of this name exists.
    ObjectExists = "object_exists",
    /// The file has too many bytes.
    ObjectTooLarge = "object_too_large",
    /// The file was deleted.
    ObjectDeleted = "object_deleted",
    /// A run reads the file.
    ObjectInUse = "object_in_use",
    /// The file has no bytes.
    EmptyObject = "empty_object",
    /// The upload broke off.
    UploadBroken = "upload_broken",
    /// The bytes do not have the announced checksum.
    ChecksumMismatch = "checksum_mismatch",
    /// The object store has no room left.
    StoreFull = "store_full",
    /// The range lies outside of the file.
    InvalidRange = "invalid_range",
    // partners and invitations
    /// Another partner of the base protocol has this address.
    AddressTaken = "address_taken",
    /// This console's own address cannot be given to a partner.
    AddressUnusable = "address_unusable",
    /// It is not the fingerprint of the partner's key.
    FingerprintDiffers = "fingerprint_differs",
    /// Nobody has confirmed the partner's fingerprint.
    FingerprintNotConfirmed = "fingerprint_not_confirmed",
    /// The partner is suspended or not paired.
    PartnerNotActive = "partner_not_active",
    /// The partner is paired.
    PartnerPaired = "partner_paired",
    /// The partner has projects here.
    PartnerHasProjects = "partner_has_projects",
    /// The partner refused, or could not be asked.
    PartnerError = "partner_error",
    /// The partner is paired already.
    AlreadyPaired = "already_paired",
    /// The invitation was made by this console.
    OwnInvitation = "own_invitation",
    /// The invitation has expired.
    InvitationExpired = "invitation_expired",
    /// The invitation cannot be used any more.
    InvitationOver = "invitation_over",
    /// The invitation was used.
    InvitationUsed = "invitation_used",
    // projects
    /// The project has no partner.
    NoPartner = "no_partner",
    /// The project is closed.
    ProjectArchived = "project_archived",
    /// The project is open.
    ProjectNotArchived = "project_not_archived",
    /// The partner does not know the project yet.
    ProjectNotReady = "project_not_ready",
    /// The project's partner signs its calls, so the project stays with it.
    PartnerIsPaired = "partner_is_paired",
    /// The partner has a project or a run of the same id.
    PartnerKnowsId = "partner_knows_id",
    /// Messages to the project's partner wait.
    MessagesWaiting = "messages_waiting",
    /// A run of the project has not ended.
    RunsLive = "runs_live",
    // tasks and pairings
    /// The task or its version is archived.
    TaskArchived = "task_archived",
    /// A run of the task has not ended.
    TaskInUse = "task_in_use",
    /// The task version is paired.
    TaskPaired = "task_paired",
    /// The task has no matching code.
    TokenMissing = "token_missing",
    /// Another task has this matching code.
    TokenTaken = "token_taken",
    /// The first version of the task is gone.
    RootMissing = "root_missing",
    /// The first version of the task is not paired.
    RootNotPaired = "root_not_paired",
    /// The partner was asked and has not answered.
    PairingAsked = "pairing_asked",
    /// The task version, or the partner, is not paired.
    NotPaired = "not_paired",
    /// Settings that both sides must agree on differ.
    SettingsDiffer = "settings_differ",
    /// The partner did not tell its shared settings.
    SettingsUnknown = "settings_unknown",
    // runs
    /// The engine refuses the settings.
    ConfigRefused = "config_refused",
    /// The engine needs a channel that the partner's console does not have.
    EngineNeedsChannel = "engine_needs_channel",
    /// A file that the task reads was deleted.
    InputDeleted = "input_deleted",
    /// The run waits for an operator here.
    AwaitingConsent = "awaiting_consent",
    /// Nobody waits for an answer about the run.
    NotAwaitingConsent = "not_awaiting_consent",
    /// What would run has changed since it was shown.
    ConsentOutdated = "consent_outdated",
    /// The run's state does not allow a start.
    CannotStart = "cannot_start",
    /// The run has ended.
    CannotStop = "cannot_stop",
    /// The run has not ended.
    StillRunning = "still_running",
    /// The run was started too often.
    NoMoreAttempts = "no_more_attempts",
    /// Another process looks after the run.
    NotOurs = "not_ours",
    // administration
    /// It is the last root account.
    LastRoot = "last_root",
    /// The message does not wait.
    NotWaiting = "not_waiting",
    /// The message was delivered.
    AlreadyDelivered = "already_delivered",
}
}

codes! {
/// What is wrong with one field of an input.
FieldCode {
    /// It is missing or empty.
    Required = "required",
    /// It has too many characters; `most` says how many are allowed.
    TooLong = "too_long",
    /// It has too few characters; `least` says how many are needed.
    TooShort = "too_short",
    /// It has too many bytes; `most` says how many are allowed.
    TooLarge = "too_large",
    /// The number is not between `least` and `most`.
    OutOfRange = "out_of_range",
    /// Something else has this value.
    NotUnique = "not_unique",
    /// There is no field of this name.
    UnknownField = "unknown_field",
    /// The value is of another type.
    WrongType = "wrong_type",
    /// The value does not have the form that the field asks for.
    Malformed = "malformed",
    /// The value is none of those that can be chosen.
    UnknownValue = "unknown_value",
    /// What the value names is not there.
    NotThere = "not_there",
    /// It holds a character that nobody sees.
    HiddenCharacter = "hidden_character",
    /// The field cannot be given here, or not with this value.
    NotAllowed = "not_allowed",
    /// It is not the value that is stored, for example of a password.
    Wrong = "wrong",
    /// As `detail` says, in the words of an engine.
    Said = "said",
}
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn serde_and_the_word_agree_and_no_word_stands_for_two() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_value(code).unwrap();
            assert_eq!(json, code.word());
            assert_eq!(serde_json::from_value::<ErrorCode>(json).unwrap(), *code);
        }
        for code in FieldCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        }
        let words: HashSet<&str> = ErrorCode::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), ErrorCode::ALL.len());
    }
}
