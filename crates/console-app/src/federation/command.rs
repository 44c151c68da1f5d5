//! Commands: each is done once, however often it arrives.

use console_db::received_commands::{self as rows, Received};
use console_db::{Tx, retry};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::PeerRefusal;
use super::caller::Caller;
use crate::{App, AppError};

/// Runs the work of a call in one transaction. A command that was done before gets the answer that it got then; the same
/// id with other content is a conflict. A race that is lost to another transaction is run again, and then finds what
/// the winner wrote. Wake background work after this returns.
///
/// # Errors
/// The refusal of the work, or 409. Nothing was changed.
pub async fn once<T, W>(app: &App, caller: &Caller, work: W) -> Result<T, PeerRefusal>
where
    T: Serialize + DeserializeOwned,
    W: AsyncFn(&Tx) -> Result<T, PeerRefusal>,
{
    retry(async || {
        let tx = app.db().begin().await?;
        if let Some(answer) = answered(&tx, caller).await? {
            return Ok(answer);
        }
        let answer = work(&tx).await?;
        remember(&tx, caller, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    })
    .await
}

/// What the caller's command was answered before, if it was.
///
/// # Errors
/// 409 when another command came under the same id.
pub(super) async fn answered<T: DeserializeOwned>(
    tx: &Tx,
    caller: &Caller,
) -> Result<Option<T>, PeerRefusal> {
    let Some(command) = &caller.command else {
        return Ok(None);
    };
    match rows::lookup(tx, &caller.partner_id(), command.id.as_str(), &command.digest).await? {
        Received::New => Ok(None),
        Received::Same(answer) => Ok(Some(serde_json::from_value(answer).map_err(AppError::internal)?)),
        Received::Different => Err(PeerRefusal::conflict("another command came under the same id")),
    }
}

/// Keeps the answer to the caller's command, in the transaction that did what was commanded.
pub(super) async fn remember<T: Serialize>(tx: &Tx, caller: &Caller, answer: &T) -> Result<(), PeerRefusal> {
    if let Some(command) = &caller.command {
        let stored = serde_json::to_value(answer).map_err(AppError::internal)?;
        rows::insert(
            tx,
            &caller.partner_id(),
            command.id.as_str(),
            &command.digest,
            stored,
        )
        .await?;
    }
    Ok(())
}
