//! Uploads of which nothing comes any more.

use std::io;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};

/// An upload may take as long as it needs, but one of which nothing has come for so long is given up: its client is gone, and
/// it would count as one of the user's uploads for ever.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// The same bytes; an error when none come for too long.
pub(super) fn refused(
    bytes: impl Stream<Item = io::Result<Bytes>>,
    silence: Duration,
) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(Box::pin(bytes), move |mut bytes| async move {
        match tokio::time::timeout(silence, bytes.next()).await {
            Ok(next) => next.map(|chunk| (chunk, bytes)),
            Err(late) => Some((Err(io::Error::new(io::ErrorKind::TimedOut, late)), bytes)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn an_upload_of_which_nothing_comes_any_more_is_given_up() {
        let begun = stream::iter([Ok(Bytes::from_static(b"id,x"))]).chain(stream::pending());
        let read: Vec<_> = refused(begun, Duration::from_millis(10)).take(2).collect().await;
        assert_eq!(read[0].as_ref().ok().map(Bytes::as_ref), Some(&b"id,x"[..]));
        assert_eq!(
            read[1].as_ref().err().map(io::Error::kind),
            Some(io::ErrorKind::TimedOut)
        );
    }
}
