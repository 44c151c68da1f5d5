//! SAMPLE: private set intersection by elliptic-curve Diffie-Hellman, for semi-honest sides.
//!
//! The protocol is that of Huberman, Franklin and Hogg ("Enhancing Privacy and Trust in Electronic Communities", 1999)
//! over Ristretto255. With a secret scalar *a* on one side and *b* on the other, and ids hashed to points *H(x)*:
//!
//! 1. each side sends its blinded points *a·H(x)*, sorted by their encoding, which is an order that has nothing to do
//!    with the rows: to anybody without *a* the encodings are random;
//! 2. each side multiplies what it received with its own scalar, keeps that for comparison, and returns it in the order
//!    in which it came, if the other side is to learn the result. What comes back is only compared, so its first 12 of
//!    32 bytes are enough ([`CUT`](crate::group::CUT) says why), where both consoles can do so;
//! 3. what came back belongs to own ids, in the order in which they were sent; ids whose twice-blinded points *ab·H(x)*
//!    are on both lists are the intersection, and both sides write their rows in the order of the digests of the ids.

mod exchange;
mod journal;
mod normalize;
mod output;
mod rows;
mod schedule;
mod shape;
mod state;
mod warnings;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use task_interface::{Counts, EngineError, File, LogLevel, TaskContext, Text};

use crate::config::{DuplicateRule, ResultMode, SampleConfig};
use crate::group::BlindingKey;
use crate::handshake::{self, Terms, compare};
use crate::output::{check, default_name};
use crate::progress::{self, begin};
use crate::records::{Matches, RecordFile};
use crate::words::both;
use crate::work::Crew;
use crate::{input, seed};
pub(crate) use normalize::IdRule;
use normalize::Rules;
use rows::{InputFacts, RowStore};
use shape::Outline;
use state::State;

const OWN: &str = "join-own-points";

#[derive(Debug, Serialize, Deserialize)]
struct JoinTerms {
    id_columns: usize,
    /// In words, so that either side can say how they differ.
    #[serde(default)]
    id_normalization: String,
    result: ResultMode,
    batch_ids: u32,
    /// This side's random part of the mark.
    nonce: String,
    /// This console can compare points by their beginnings.
    #[serde(default)]
    cuts: bool,
}

impl Terms for JoinTerms {
    fn disagreements(&self, theirs: &Self) -> Vec<Text> {
        let mut reasons = Vec::new();
        compare(
            &mut reasons,
            "number of id_columns",
            &self.id_columns,
            &theirs.id_columns,
        );
        compare(
            &mut reasons,
            "id_normalization",
            &self.id_normalization,
            &theirs.id_normalization,
        );
        let reason = match (self.result, theirs.result) {
            (ResultMode::Both, ResultMode::Both)
            | (ResultMode::OnlyMe, ResultMode::OnlyPartner)
            | (ResultMode::OnlyPartner, ResultMode::OnlyMe) => return reasons,
            (ResultMode::OnlyMe, ResultMode::OnlyMe) => both(
                "both sides want to be the only one that learns the result",
                "双方都要求只由自己获知结果",
            ),
            (ResultMode::OnlyPartner, ResultMode::OnlyPartner) => both(
                "both sides say that only the other learns the result",
                "双方都设为只由对方获知结果",
            ),
            _ => both(
                "`result` is `both` on one side only; for one side alone say `only_me` there and `only_partner` here",
                "只有一方的 `result` 为 `both`；如只由一方获知，请在该方设为 `only_me`，另一方设为 `only_partner`",
            ),
        };
        reasons.push(reason);
        reasons
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Announced {
    ids: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Farewell {
    intersection: Option<u64>,
    /// Only when both sides learn the result, and there is next to nothing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outline: Option<Outline>,
}

/// Runs a join, from its beginning or (`attached`) from where it was.
pub(crate) async fn run(
    context: &TaskContext,
    crew: &Crew,
    data_dirs: &[PathBuf],
    config: &SampleConfig,
    attached: bool,
) -> Result<(), EngineError> {
    let mut state = if attached {
        state::load(context).await?
    } else {
        state::fresh(context).await?
    };
    if config.result != ResultMode::OnlyPartner {
        check(context, &output_name(context, config)).await?;
    }
    context.peer.resume(state.position).await;
    if state.input.is_none() {
        let terms = JoinTerms {
            id_columns: config.id_columns.len(),
            id_normalization: Rules::new(&config.id_normalization).words(),
            result: config.result,
            batch_ids: crew.batch_ids,
            nonce: seed::derived(&state.seed, "mark")?,
            cuts: true,
        };
        let theirs = handshake::greet(context, &terms).await?;
        state.batch_ids = terms.batch_ids.min(theirs.batch_ids).max(1);
        state.mark = Some(mark_of(&terms.nonce, &theirs.nonce));
        state.cut = theirs.cuts;
    }
    begin(context, &crew.meter, progress::READING, (0.0, 0.05), 0).await?;
    let source = input::open(context, &config.input, data_dirs, &crew.stop).await?;
    let settings = config.clone();
    let (store, ids) = crew
        .blocking(move |crew| rows::read(crew, &settings, source))
        .await?;
    let key = Arc::new(BlindingKey::from_seed(&seed::decode(&state.seed)?));
    let own = match &state.input {
        Some(facts) if facts.fingerprint == store.fingerprint => fetch_own(context, crew).await?,
        Some(_) => {
            return Err(input::changed());
        }
        None => {
            let ids = (ids, config.duplicates);
            blind_own(context, crew, &mut state, &key, &store, ids).await?
        }
    };
    let facts = state.input.clone().ok_or_else(handshake::strange_message)?;
    let plan = plan(context, crew, config, &mut state, &facts).await?;
    let returned = if plan.learns { facts.ids } else { 0 };
    let total = plan.peer_ids + returned;
    begin(context, &crew.meter, progress::EXCHANGING, (0.45, 0.9), total).await?;
    let matches = exchange::run(context, crew, &mut state, plan, own, key).await?;
    let ends = Ends {
        facts,
        peer_ids: plan.peer_ids,
        mark: state.mark.ok_or_else(handshake::strange_message)?,
    };
    finish(context, crew, config, ends, (store, matches)).await
}

/// What both outputs of a join are marked with, the same on both sides.
fn mark_of(ours: &str, theirs: &str) -> String {
    let mut parts = [ours, theirs];
    parts.sort_unstable();
    let mut hash = Sha256::new();
    hash.update("efls-console join\0");
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..16])
}

/// What is known at the end.
struct Ends {
    facts: InputFacts,
    peer_ids: u64,
    mark: String,
}

fn output_name(context: &TaskContext, config: &SampleConfig) -> String {
    let default = || default_name(&context.task, "joined.csv");
    config.output.clone().unwrap_or_else(default)
}

/// Tells the other side how many ids there are here, and learns how many there are.
async fn plan(
    context: &TaskContext,
    crew: &Crew,
    config: &SampleConfig,
    state: &mut State,
    facts: &InputFacts,
) -> Result<schedule::Plan, EngineError> {
    let peer_ids = match state.peer_ids {
        Some(ids) => ids,
        None => handshake::part(context, &Announced { ids: facts.ids }).await?.ids,
    };
    let most = crew.max_join_ids;
    if facts.ids.max(peer_ids) > most {
        let text = both(
            format!(
                "one side of the join has more than {most} ids, which the setting `max_join_ids` of the local engine grants; \
                 join in parts, or let the administrator raise it"
            ),
            format!(
                "求交的一方超过 {most} 个 ID，这是 local 引擎的设置 `max_join_ids` 允许的上限；请分批求交，或请管理员调高"
            ),
        );
        return Err(EngineError::fatal(text).with_code("too_many_ids"));
    }
    state.peer_ids = Some(peer_ids);
    Ok(schedule::Plan {
        own_ids: facts.ids,
        peer_ids,
        learns: config.result != ResultMode::OnlyPartner,
        teaches: config.result != ResultMode::OnlyMe,
        batch: u64::from(state.batch_ids),
        cut: state.cut,
    })
}

async fn blind_own(
    context: &TaskContext,
    crew: &Crew,
    state: &mut State,
    key: &Arc<BlindingKey>,
    store: &RowStore,
    (ids, duplicates): (rows::Digests, DuplicateRule),
) -> Result<RecordFile, EngineError> {
    begin(context, &crew.meter, progress::BLINDING, (0.05, 0.45), store.rows).await?;
    let key = Arc::clone(key);
    let keep_last = duplicates == DuplicateRule::Last;
    let (own, counts) = crew
        .blocking(move |crew| rows::blind(crew, &key, ids, keep_last))
        .await?;
    if duplicates == DuplicateRule::Refuse {
        counts.refuse_duplicates()?;
    }
    context
        .scratch
        .write(OWN, output::stream_of(crew, own.clone()))
        .await?;
    context.peer.flush().await?;
    state.input = Some(store.facts(counts));
    state.position = context.peer.position().await;
    state.save(context).await?;
    Ok(own)
}

async fn fetch_own(context: &TaskContext, crew: &Crew) -> Result<RecordFile, EngineError> {
    use futures_util::StreamExt;
    let mut chunks = context.scratch.read(OWN).await?;
    let mut file = crate::records::RecordWriter::new(&crew.work_dir).map_err(crate::work::disk_error)?;
    while let Some(chunk) = chunks.next().await {
        crew.check()?;
        let chunk = chunk.map_err(|error| {
            let text = both("the checkpoint cannot be read", "检查点无法读取");
            let error = EngineError::retryable(text).with_detail(error.to_string());
            error.with_code("checkpoint_unreadable")
        })?;
        file = crew
            .blocking(move |_| {
                file.push_bytes(&chunk).map_err(crate::work::disk_error)?;
                Ok(file)
            })
            .await?;
    }
    file.finish().map_err(crate::work::disk_error)
}

async fn finish(
    context: &TaskContext,
    crew: &Crew,
    config: &SampleConfig,
    ends: Ends,
    (store, matches): (RowStore, Option<Matches>),
) -> Result<(), EngineError> {
    let Ends {
        facts,
        peer_ids,
        mark,
    } = ends;
    let name = output_name(context, config);
    let mut written = None;
    if let Some(matches) = matches {
        begin(context, &crew.meter, progress::WRITING, (0.9, 1.0), 0).await?;
        let output = output::write(context, crew, &name, &mark, (store, matches)).await?;
        written = Some(output);
    }
    let rows = written.as_ref().map(|written| written.rows);
    // Who does not learn the result must not learn its size either.
    let shared = rows.filter(|_| config.result == ResultMode::Both);
    let poor = shared.is_some_and(|rows| warnings::is_poor(rows, facts.ids, peer_ids));
    let ours = Farewell {
        intersection: shared,
        outline: poor.then(|| facts.shape.outline()),
    };
    let theirs = handshake::part(context, &ours).await?;
    if let (Some(here), Some(there)) = (ours.intersection, theirs.intersection)
        && here != there
    {
        let text = both(
            format!("the two sides found different intersections ({here} rows here, {there} there)"),
            format!("双方求得的交集不同（一方 {here} 行，另一方 {there} 行）"),
        );
        return Err(EngineError::fatal(text).with_code("intersections_differ"));
    }
    let found = warnings::Found {
        facts: &facts,
        duplicates: config.duplicates,
        peer_ids,
        common: rows,
        theirs: theirs.outline.as_ref(),
    };
    for warning in warnings::of(&found) {
        context.reporter.warn(warning).await?;
    }
    let counts = [
        ("own_rows", Some(facts.rows)),
        ("own_ids", Some(facts.ids)),
        ("peer_rows", Some(peer_ids)),
        // Not known to the side that does not learn it.
        ("intersection", rows),
        ("duplicates", Some(facts.duplicates)),
        ("empty", Some(facts.empty)),
    ];
    let known = counts
        .into_iter()
        .filter_map(|(name, count)| Some((name, count?)));
    context.reporter.result("join", Counts::new(known)).await?;
    let text = match written {
        Some(written) => {
            let file = File::written(written.uri, Some(written.rows));
            let (rows, name) = (written.rows, &file.object);
            let text = both(
                format!("{rows} rows are on both sides; they are in {name}"),
                format!("双方共有 {rows} 行，已写入 {name}"),
            );
            context.reporter.result("output", file).await?;
            text
        }
        None => both(
            "the partner alone learns the result, as agreed; nothing is written here",
            "按约定只有合作方获知结果，我方不写入任何内容",
        ),
    };
    context.reporter.log(LogLevel::Info, text).await?;
    context.reporter.progress(1.0, progress::DONE).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_console_that_does_not_say_so_is_returned_whole_points() {
        let terms = |more: &str| {
            let text = format!(
                r#"{{"id_columns":1,"id_normalization":"","result":"both","batch_ids":9,"nonce":"n"{more}}}"#
            );
            serde_json::from_str::<JoinTerms>(&text).unwrap()
        };
        assert!(!terms("").cuts);
        assert!(terms(r#","cuts":true"#).cuts);
    }
}
