//! The group operations of the join, over Ristretto255 (RFC 9496).
//!
//! An id becomes a point by hashing: [`digest_id`] gives 32 bytes, and SHA-512 of those under a second domain gives the
//! 64 uniform bytes that RFC 9496 §4.3.4 maps to a point. A point is blinded by multiplying it with a secret scalar.
//! The functions here take small slices and run on one thread; callers spread slices over their cores.

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::{RistrettoPoint, Scalar};
use sha2::{Digest, Sha512};

/// A point or a digest: 32 bytes.
pub type Key = [u8; 32];

/// How many points one call should get at most: enough to share an inversion, few enough to obey a stop soon.
pub const SLICE: usize = 256;

/// How many bytes of a point are enough to compare it.
///
/// Points that come back to the side whose ids they are serve one purpose: to be found, or not, among the other side's points
/// that were blinded twice here. Nothing is computed with them any more, so their beginnings do. What is sent is a part of
/// what was sent before, so nobody learns more. The encodings of points that were multiplied with a secret scalar look random;
/// of the first 12 bytes (little-endian) one bit is always 0, since encodings are even (RFC 9496 §4.3.2). Two different ids are
/// taken for one with a probability of at most n·m·2⁻⁹⁵ for n and m ids: 3·10⁻¹⁷ for a million with a million, 3·10⁻¹¹ for a
/// milliard with a milliard. A side that means ill could always return what it likes; to hit a point of the other list it must
/// know that point, whole or cut.
pub const CUT: usize = 12;

/// A point as far as it is compared: zeros behind its beginning.
#[must_use]
pub fn cut(mut point: Key) -> Key {
    point[CUT..].fill(0);
    point
}

const ID_DOMAIN: &[u8] = b"efls-local/join/1/id";
const POINT_DOMAIN: &[u8] = b"efls-local/join/1/point";
const SECRET_DOMAIN: &[u8] = b"efls-local/join/1/secret";

/// What the other side sent is not a point that an honest one would send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the other side sent bytes that are not a point of the group")]
pub struct NotAPoint;

/// The digest of an id: SHA-512, cut to 32 bytes, of a domain word, the number of columns, and each column's length and
/// bytes. So `("ab", "c")` and `("a", "bc")` are two different ids.
pub fn digest_id<'a>(columns: impl ExactSizeIterator<Item = &'a str>) -> Key {
    let mut hash = Sha512::new();
    hash.update(ID_DOMAIN);
    hash.update((columns.len() as u64).to_le_bytes());
    for column in columns {
        hash.update((column.len() as u64).to_le_bytes());
        hash.update(column.as_bytes());
    }
    let mut key = [0; 32];
    key.copy_from_slice(&hash.finalize()[..32]);
    key
}

/// The secret scalar of one attempt.
pub struct BlindingKey {
    /// Half of the scalar: compressing many points at once is cheapest when it may double them on the way.
    half: Scalar,
}

impl BlindingKey {
    /// Derives the scalar from 32 secret random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let wide = Sha512::new()
            .chain_update(SECRET_DOMAIN)
            .chain_update(seed)
            .finalize();
        let half = Scalar::from_bytes_mod_order_wide(&wide.into());
        Self { half }
    }

    /// Maps digests to the group and blinds them.
    #[must_use]
    pub fn blind_digests(&self, digests: &[Key]) -> Vec<Key> {
        self.multiply(digests.iter().map(|digest| {
            let uniform = Sha512::new()
                .chain_update(POINT_DOMAIN)
                .chain_update(digest)
                .finalize();
            RistrettoPoint::from_uniform_bytes(&uniform.into())
        }))
    }

    /// Blinds points that the other side has blinded before.
    ///
    /// # Errors
    /// [`NotAPoint`] when one is no valid encoding, or is the neutral element.
    pub fn blind_points(&self, points: &[Key]) -> Result<Vec<Key>, NotAPoint> {
        let points = points
            .iter()
            .map(|bytes| match CompressedRistretto(*bytes).decompress() {
                Some(point) if *bytes != [0; 32] => Ok(point),
                _ => Err(NotAPoint),
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.multiply(points.into_iter()))
    }

    fn multiply(&self, points: impl Iterator<Item = RistrettoPoint>) -> Vec<Key> {
        let halves: Vec<_> = points.map(|point| point * self.half).collect();
        RistrettoPoint::double_and_compress_batch(&halves)
            .into_iter()
            .map(|compressed| compressed.0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blinding_commutes_and_equals_the_textbook_product() {
        let (a, b) = (BlindingKey::from_seed(&[1; 32]), BlindingKey::from_seed(&[2; 32]));
        let digests = [digest_id(["x"].into_iter()), digest_id(["y"].into_iter())];
        let ab = b.blind_points(&a.blind_digests(&digests)).unwrap();
        let ba = a.blind_points(&b.blind_digests(&digests)).unwrap();
        assert_eq!(ab, ba);
        assert_ne!(ab[0], ab[1]);
        let uniform = Sha512::new()
            .chain_update(POINT_DOMAIN)
            .chain_update(digests[0])
            .finalize();
        let product = RistrettoPoint::from_uniform_bytes(&uniform.into()) * (a.half + a.half);
        assert_eq!(product.compress().0, a.blind_digests(&digests)[0]);
    }

    #[test]
    fn columns_are_kept_apart() {
        assert_ne!(
            digest_id(["ab", "c"].into_iter()),
            digest_id(["a", "bc"].into_iter())
        );
        assert_ne!(digest_id(["a"].into_iter()), digest_id(["a", ""].into_iter()));
    }

    #[test]
    fn rubbish_and_the_neutral_element_are_refused() {
        let key = BlindingKey::from_seed(&[1; 32]);
        assert_eq!(key.blind_points(&[[255; 32]]), Err(NotAPoint));
        assert_eq!(key.blind_points(&[[0; 32]]), Err(NotAPoint));
    }
}
