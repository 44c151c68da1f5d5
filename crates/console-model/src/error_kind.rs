/// What an error means to whoever asked, independent of any transport.
///
/// The operator API maps a kind to an HTTP status in one place, and the peer API to an `rsp_code` in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request itself is wrong; sending it again cannot help.
    Invalid,
    /// Nobody known is asking.
    Unauthenticated,
    /// Somebody known is asking, and may not.
    Forbidden,
    /// It is not there, or not yours.
    NotFound,
    /// The present state forbids it.
    Conflict,
    /// The caller's copy is older than what is stored (a lost race on a generation).
    Stale,
    /// Larger than a configured limit.
    TooLarge,
    /// Well formed, but its meaning cannot be accepted (for example a config that the engine refuses).
    Unprocessable,
    /// Too many attempts; wait.
    TooMany,
    /// A part that we need does not answer; trying again can help.
    Unavailable,
    /// There is no room to store it; trying again helps when somebody has made some.
    Full,
    /// Our bug.
    Internal,
}

impl ErrorKind {
    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Unavailable | Self::TooMany | Self::Full)
    }
}
