//! Delivers messages about pairings of tasks.

use chrono::Utc;
use console_db::entity::{task_inter, task_intra};
use console_db::{naive, pairings as rows, tasks};
use console_model::{LinkStatus, TaskVersion};
use console_peer::base::{TaskPair, TaskPairAnswer};
use console_peer::client::{CallOptions, Partner, PeerError, Speaks};
use console_peer::recovery::{Command, Recovery, after};
use console_peer::refusal::{Reason, SharedSettings};
use console_peer::{Vocabulary, Word};

use super::{Delivery, DeliveryError};
use crate::outbox::task::PairTask;
use crate::pairings::fit::{Half, Theirs};
use crate::told::Told;
use crate::{AppError, pairings, partners};

/// Asks the partner to pair, and takes over its id.
pub(super) async fn deliver_pair(delivery: &Delivery<'_>, body: &PairTask) -> Result<(), DeliveryError> {
    let route = partners::route(delivery.partner)?;
    let peer = delivery.app.peer();
    let request = TaskPair {
        token: body.token.clone(),
        version: TaskVersion::parse(&body.version)
            .map_err(|error| DeliveryError::Refused(error.to_string().into()))?,
        task_root: body.root,
        version_number: body.version_number,
        project_peer_id: Some(body.project_id.clone()),
        task_type: Some(Word::Known(body.task_type)),
        meta: body.meta.clone(),
        shared_settings: body.shared_settings.clone().and_then(SharedSettings::read),
    };
    let command = if body.root {
        Command::PairRoot
    } else {
        Command::PairVersion
    };
    let error = match peer
        .task_pair(&route, &options(delivery), &body.pairing_id, &request)
        .await
    {
        Ok(answer) => {
            let answer = with_meta(delivery, &route, body, answer).await;
            return linked(delivery, body, &answer).await;
        }
        Err(error) => error,
    };
    match after(command, route.speaks, &error) {
        Recovery::AskPairing => match peer.task_meta(&route, &options(delivery), &body.pairing_id).await {
            // The version exists there under an id that cannot be learnt any more.
            Ok(_) => replaced(delivery, body).await,
            // It refused for another reason than that it has the version.
            Err(PeerError::Refused { status: 404, .. }) if !error.is_retryable() => {
                refused(delivery, &route, body, &error).await
            }
            Err(_) => Err(DeliveryError::Retry((&error).into())),
        },
        Recovery::GiveUp => refused(delivery, &route, body, &error).await,
        _ => Err(DeliveryError::Retry((&error).into())),
    }
}

/// A base partner tells its meta only when it is asked for. It answers before it commits, so it may not know the pairing
/// for a moment; an operator can ask again at any time.
async fn with_meta(
    delivery: &Delivery<'_>,
    route: &Partner,
    body: &PairTask,
    answer: TaskPairAnswer,
) -> TaskPairAnswer {
    if answer.task_type.is_some() || answer.task_meta.is_some() {
        return answer;
    }
    let meta = delivery
        .app
        .peer()
        .task_meta(route, &options(delivery), &body.pairing_id)
        .await;
    TaskPairAnswer {
        task_meta: meta.ok().and_then(|told| told.task_meta),
        ..answer
    }
}

async fn linked(
    delivery: &Delivery<'_>,
    body: &PairTask,
    answer: &TaskPairAnswer,
) -> Result<(), DeliveryError> {
    let app = delivery.app;
    let tx = app.db().begin().await?;
    let Some((mut row, task)) = find(&tx, body).await? else {
        return Ok(());
    };
    let theirs = answer.task_inter_id.as_str();
    if row.task_peer_id.as_deref().is_some_and(|known| known != theirs) {
        let reason = "the partner answers with another id than before".to_owned();
        return Err(DeliveryError::Refused(reason.into()));
    }
    let told = Theirs {
        task_type: answer.task_type.as_ref(),
        meta: answer.task_meta.as_ref(),
        shared_settings: answer.shared_settings.as_ref(),
    };
    let misfit = Half::of(app, &task)?.misfit(app.engines(), told);
    row.error = misfit
        .as_ref()
        .map(|misfit| format!("It was not paired: {}.", misfit.message));
    row.error_code = misfit.as_ref().map(|misfit| misfit.reason.word().to_owned());
    if misfit.is_none() {
        row.task_peer_id = Some(theirs.to_owned());
        row.status = LinkStatus::Ready;
    }
    row.peer_meta = answer.task_meta.clone();
    row.peer_meta_at = Some(naive(Utc::now()));
    row.peer_settings = answer.shared_settings.as_ref().map(SharedSettings::to_value);
    rows::save(&tx, row).await?;
    tx.commit().await?;
    misfit.map_or(Ok(()), |misfit| {
        Err(DeliveryError::Refused(Told {
            text: misfit.message,
            code: Some(misfit.reason.word()),
        }))
    })
}

/// Why the partner refused, as a word. A base partner gives none, and refuses with a 403 only a token that it does not know.
fn code_of(route: &Partner, error: &PeerError) -> String {
    match error {
        PeerError::Refused { status: 403, .. } if route.speaks == Speaks::Base => {
            Reason::TokenUnknown.word().to_owned()
        }
        PeerError::Refused {
            refusal: Some(refusal),
            ..
        } => refusal.reason.as_str().to_owned(),
        _ => pairings::REFUSED.to_owned(),
    }
}

async fn refused(
    delivery: &Delivery<'_>,
    route: &Partner,
    body: &PairTask,
    error: &PeerError,
) -> Result<(), DeliveryError> {
    let code = code_of(route, error);
    let reason = match error {
        PeerError::Refused { .. } if code == Reason::TokenUnknown.word() => {
            "The partner has no task with this token in the project yet. Agree on the token with its operators, and ask \
             again when they have made their half."
                .to_owned()
        }
        other => Told::from(other).text,
    };
    let tx = delivery.app.db().begin().await?;
    if let Some((mut row, _)) = find(&tx, body).await?
        && row.status == LinkStatus::Draft
    {
        row.error = Some(reason.chars().take(1024).collect());
        row.error_code = Some(code);
        if let PeerError::Refused {
            refusal: Some(refusal),
            ..
        } = error
            && let Some(theirs) = &refusal.shared_settings
        {
            row.peer_settings = Some(theirs.to_value());
        }
        rows::save(&tx, row).await?;
    }
    tx.commit().await?;
    let code = Told::from(error).code;
    Err(DeliveryError::Refused(Told { text: reason, code }))
}

/// Makes another version in place of one whose answer was lost, and asks to pair that.
async fn replaced(delivery: &Delivery<'_>, body: &PairTask) -> Result<(), DeliveryError> {
    let reason = {
        let tx = delivery.app.db().begin().await?;
        let Some((row, task)) = find(&tx, body).await? else {
            return Ok(());
        };
        let version = pairings::replace_lost(delivery.app, &tx, row, task, delivery.request_id).await?;
        tx.commit().await?;
        format!(
            "the answer was lost; version {version} was made in its place and the partner was asked for that"
        )
    };
    delivery.app.wake().outbox.notify_one();
    Err(DeliveryError::Refused(Told {
        text: reason,
        code: Some("answer_lost"),
    }))
}

async fn find(
    tx: &console_db::Tx,
    body: &PairTask,
) -> Result<Option<(task_inter::Model, task_intra::Model)>, AppError> {
    let Some(row) = rows::find(tx, &body.pairing_id).await? else {
        return Ok(None);
    };
    Ok(tasks::find(tx, &body.task_id).await?.map(|task| (row, task)))
}

fn options(delivery: &Delivery<'_>) -> CallOptions {
    CallOptions::command(
        delivery.message_id.clone(),
        delivery.request_id.map(str::to_owned),
    )
}
