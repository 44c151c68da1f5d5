//! How the two engines begin and end a job together.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use task_interface::{Bytes, EngineError, Side, TaskContext, TaskKind, Text};

use crate::input::shown;
use crate::words::{both, zh};
use crate::work::bug;

/// The version of what the two engines say to each other.
const PROTOCOL: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Hello<P> {
    engine: String,
    protocol: u32,
    kind: TaskKind,
    side: Side,
    terms: P,
}

/// What both sides must agree on before they begin.
pub(crate) trait Terms: Serialize + DeserializeOwned {
    /// One sentence for each point on which the two sides disagree.
    fn disagreements(&self, theirs: &Self) -> Vec<Text>;
}

/// Exchanges terms with the other side; gives its terms. Fails on both sides when they disagree.
pub(crate) async fn greet<P: Terms>(context: &TaskContext, ours: &P) -> Result<P, EngineError> {
    let hello = Hello {
        engine: "local".to_owned(),
        protocol: PROTOCOL,
        kind: context.task.kind,
        side: context.instance.side,
        terms: ours,
    };
    send_json(context, &hello).await?;
    // The other side is to read our terms even when we fail on its terms at once.
    context.peer.flush().await?;
    let theirs = context.peer.receive().await?;
    let Ok(theirs) = serde_json::from_slice::<Hello<Value>>(&theirs) else {
        let text = both(
            "the two sides run different engines: this side runs the local engine",
            "双方运行的引擎不同：这一方运行的是 local 引擎",
        );
        return Err(EngineError::fatal(text).with_code("engines_differ"));
    };
    let found = read_terms(&hello, theirs, ours);
    found.map_err(|reasons| disagreement(&reasons))
}

fn disagreement(reasons: &[Text]) -> EngineError {
    let listed = |text: fn(&Text) -> &str, between: &str| {
        let all: Vec<_> = reasons.iter().map(text).collect();
        all.join(between)
    };
    let text = both(
        format!("the two sides do not agree: {}", listed(|text| &text.en, "; ")),
        format!("双方的设置不一致：{}", listed(zh, "；")),
    );
    EngineError::fatal(text).with_code("terms_differ")
}

fn read_terms<P: Terms>(hello: &Hello<&P>, theirs: Hello<Value>, ours: &P) -> Result<P, Vec<Text>> {
    let mut reasons = Vec::new();
    if theirs.engine != hello.engine || theirs.protocol != PROTOCOL {
        let (ours, other, protocol) = (&hello.engine, shown(&theirs.engine), theirs.protocol);
        reasons.push(both(
            format!(
                "this side runs engine {ours} with protocol {PROTOCOL}, the other {other} with protocol {protocol}"
            ),
            format!("一方的引擎是 {ours}（协议 {PROTOCOL}），另一方是 {other}（协议 {protocol}）"),
        ));
        return Err(reasons);
    }
    if theirs.kind != hello.kind {
        reasons.push(both(
            "one side joins samples, the other trains",
            "一方求交，另一方训练",
        ));
        return Err(reasons);
    }
    if theirs.side == hello.side {
        reasons.push(both(
            "both sides have the same role in the run",
            "双方在运行中的角色相同",
        ));
    }
    match serde_json::from_value::<P>(theirs.terms) {
        Ok(terms) => {
            reasons.extend(ours.disagreements(&terms));
            if reasons.is_empty() {
                Ok(terms)
            } else {
                Err(reasons)
            }
        }
        Err(_) => Err(vec![both(
            "the other side's terms cannot be read",
            "无法读取另一方的条件",
        )]),
    }
}

/// Adds a sentence when two values of a key differ.
pub(crate) fn compare<T: PartialEq + std::fmt::Display>(
    reasons: &mut Vec<Text>,
    key: &str,
    ours: &T,
    theirs: &T,
) {
    if ours != theirs {
        // What the other side says may be of any length, and hold any characters.
        let theirs = shown(&theirs.to_string());
        reasons.push(both(
            format!("`{key}` is {ours} on this side and {theirs} on the other"),
            format!("`{key}` 一方为 {ours}，另一方为 {theirs}"),
        ));
    }
}

/// Ends the job together with the other side; gives its last words. After this nothing can fail any more.
pub(crate) async fn part<P: Serialize + DeserializeOwned>(
    context: &TaskContext,
    ours: &P,
) -> Result<P, EngineError> {
    send_json(context, ours).await?;
    context.peer.flush().await?;
    receive_json(context).await
}

pub(crate) async fn send_json<T: Serialize>(context: &TaskContext, message: &T) -> Result<(), EngineError> {
    let text = serde_json::to_vec(message).map_err(|error| bug().with_detail(error.to_string()))?;
    context.peer.send(Bytes::from(text)).await
}

pub(crate) async fn receive_json<T: DeserializeOwned>(context: &TaskContext) -> Result<T, EngineError> {
    let message = context.peer.receive().await?;
    serde_json::from_slice(&message).map_err(|_| strange_message())
}

/// The other side does not keep to the protocol.
pub(crate) fn strange_message() -> EngineError {
    EngineError::fatal(both(
        "the other side sent a message that does not belong here",
        "另一方发来了不应出现的消息",
    ))
    .with_code("strange_message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_side_says_is_told_in_bounds() {
        let mut reasons = Vec::new();
        let theirs = format!("trim\u{202e}\n{}", "x".repeat(1 << 20));
        compare(&mut reasons, "id_normalization", &"trim".to_owned(), &theirs);
        assert!(reasons[0].en.len() < 200, "{}", reasons[0].en.len());
        assert!(
            reasons[0]
                .en
                .contains("is trim on this side and trim\\u{202e}\\nxxx"),
            "{}",
            reasons[0].en
        );
    }
}
