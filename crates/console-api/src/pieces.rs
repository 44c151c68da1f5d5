//! Bodies of files that are part of the program.
//!
//! The framework copies what a body gives into the buffer of its connection. So a large file is given in pieces, as its reader
//! takes them: a thousand readers that take nothing must not hold a thousand copies.

use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

const PIECE: usize = 16 << 10;

/// The rest of a file.
#[derive(Debug)]
pub(crate) struct Pieces(Bytes);

impl From<Bytes> for Pieces {
    fn from(file: Bytes) -> Self {
        Self(file)
    }
}

impl From<Cow<'static, [u8]>> for Pieces {
    fn from(file: Cow<'static, [u8]>) -> Self {
        Self(match file {
            Cow::Borrowed(embedded) => Bytes::from_static(embedded),
            Cow::Owned(read) => Bytes::from(read),
        })
    }
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let rest = &mut self.get_mut().0;
        let piece = rest.split_to(PIECE.min(rest.len()));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[actix_web::test]
    async fn a_file_comes_whole_and_in_small_pieces() {
        let file: Vec<u8> = (0..=255).cycle().take(3 * PIECE + 7).collect();
        let mut pieces = Pieces::from(Cow::Owned(file.clone()));
        assert_eq!(pieces.size(), BodySize::Sized(file.len() as u64));
        let first = std::future::poll_fn(|context| Pin::new(&mut pieces).poll_next(context)).await;
        let Some(Ok(first)) = first else {
            panic!("nothing came");
        };
        assert_eq!(first.len(), PIECE);
        let rest = to_bytes(pieces).await.unwrap_or_else(|never| match never {});
        assert_eq!([first, rest].concat(), file);
        assert_eq!(
            to_bytes(Pieces::from(Bytes::new())).await.ok(),
            Some(Bytes::new())
        );
    }
}
