//! Secret seeds of an attempt.

use sha2::{Digest as _, Sha256};
use task_interface::EngineError;

use crate::work::damaged_checkpoint;

/// 32 fresh random bytes, in hexadecimal.
pub(crate) fn fresh() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// 16 bytes that follow from a seed and tell nothing of it, in hexadecimal: the same after a restart.
pub(crate) fn derived(seed: &str, purpose: &str) -> Result<String, EngineError> {
    let hash = Sha256::new()
        .chain_update(purpose)
        .chain_update([0])
        .chain_update(decode(seed)?);
    Ok(hex::encode(&hash.finalize()[..16]))
}

pub(crate) fn decode(text: &str) -> Result<[u8; 32], EngineError> {
    let mut seed = [0; 32];
    hex::decode_to_slice(text, &mut seed).map_err(|_| damaged_checkpoint())?;
    Ok(seed)
}
