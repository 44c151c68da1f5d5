//! The sides compare their tables once they have read them: row `i` must be the same person on both.

use serde::{Deserialize, Serialize};
use task_interface::{EngineError, TaskContext, Text, Warning};

use super::checkpoint::State;
use super::rows::{self, Parts};
use super::table::Columns;
use crate::config::TrainConfig;
use crate::handshake::{self, strange_message};
use crate::mark::Marks;
use crate::words::both;

/// What is said of the tables once they are read.
#[derive(Debug, Serialize, Deserialize)]
struct Aligned {
    rows: u64,
    /// The joins that wrote this content; none when no join is known to have.
    joins: Vec<String>,
    /// The label's side says which rows take part; each row's part follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    decides: bool,
}

/// Makes sure that the rows belong together, and agrees on those that take part: nothing where all do, and the seed alone
/// splits them.
pub(super) async fn agree(
    context: &TaskContext,
    config: &TrainConfig,
    columns: &Columns,
    marks: Marks,
    state: &mut State,
) -> Result<Option<Parts>, EngineError> {
    let ours = rows::decide(columns, config)?;
    if state.facts.position.sent > 0 {
        return match state.facts.follows {
            true => Parts::load(context, columns.rows).await.map(Some),
            false => Ok(ours),
        };
    }
    let said = Aligned {
        rows: columns.rows as u64,
        joins: marks.joins,
        decides: ours.is_some(),
    };
    let theirs: Aligned = handshake::part(context, &said).await?;
    compare(context, &said, &theirs).await?;
    match (&ours, theirs.decides) {
        (Some(parts), false) => parts.send(context).await?,
        (None, true) if columns.label.is_none() => {
            state.facts.follows = true;
            return Parts::receive(context, columns.rows).await.map(Some);
        }
        (None, false) => {}
        (_, true) => return Err(strange_message()),
    }
    Ok(ours)
}

/// The engines see by the marks that a join leaves on both its outputs whether the rows belong together.
async fn compare(context: &TaskContext, ours: &Aligned, theirs: &Aligned) -> Result<(), EngineError> {
    if ours.rows != theirs.rows {
        let (here, there) = (ours.rows, theirs.rows);
        let text = both(
            format!(
                "the two sides' inputs are not aligned: {here} rows on this side, {there} on the other; both must be outputs of \
                 the same join"
            ),
            format!("双方的输入没有对齐：一方 {here} 行，另一方 {there} 行；双方都必须使用同一次求交的输出"),
        );
        return Err(EngineError::fatal(text).with_code("row_counts_differ"));
    }
    let known = |side: &Aligned| !side.joins.is_empty();
    match (known(ours), known(theirs)) {
        (true, true) if ours.joins.iter().any(|join| theirs.joins.contains(join)) => Ok(()),
        (true, true) => {
            let text = both(
                "the two sides' inputs are outputs of different joins, so their rows do not belong together; both must be \
                 outputs of the same join",
                "双方的输入来自不同的求交，各行并不对应；双方都必须使用同一次求交的输出",
            );
            Err(EngineError::fatal(text).with_code("joins_differ"))
        }
        (true, false) | (false, true) => {
            let text = both(
                "the input of one side is the output of a join, that of the other is not, or was changed since; both must \
                 be outputs of the same join, as it wrote them",
                "只有一方的输入是求交的输出，另一方的不是，或之后被修改；双方都必须使用同一次求交的原始输出",
            );
            Err(EngineError::fatal(text).with_code("join_unknown"))
        }
        (false, false) => {
            let text = Text::new(
                "No join of this console wrote the input, so it cannot be checked that both sides have the same persons row \
                 by row. If the order of the rows differs, the model is worthless.",
            );
            let text = text.with_zh(
                "输入表不是本控制台求交任务的输出，无法核对双方各行是否对应同一个体。如果双方行的顺序不同，模型没有意义。",
            );
            context
                .reporter
                .warn(Warning::new("rows_not_checked", text))
                .await
        }
    }
}
