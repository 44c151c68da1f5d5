//! Secret seeds of an attempt.

use task_interface::EngineError;

/// 32 fresh random bytes, in hexadecimal.
pub(crate) fn fresh() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

pub(crate) fn decode(text: &str) -> Result<[u8; 32], EngineError> {
    let mut seed = [0; 32];
    hex::decode_to_slice(text, &mut seed).map_err(|_| EngineError::fatal("the checkpoint holds no seed"))?;
    Ok(seed)
}
