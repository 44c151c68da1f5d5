//! What a partner is told of a failure here.

use super::*;

#[actix_web::test]
async fn a_config_that_the_partners_engine_refuses_ends_both_halves() {
    let pair = consoles(json!({"do": "talk"}), json!({"do": "talk", "refused": true})).await;
    pair.run().await;
    let refused = reaches(&pair.peer, InstanceStatus::Failed).await;
    assert!(refused.error.unwrap().to_string().contains("refused on purpose"));
    let other = reaches(&pair.host, InstanceStatus::Failed).await;
    let told = other.stop_reason.unwrap();
    assert!(told.contains("refuses the config"), "{told}");
    // Neither the place in the config nor what is wrong with it.
    assert!(
        !told.contains("on purpose") && !told.contains("/refused"),
        "{told}"
    );
    pair.stop().await;
}

/// An engine's own message is for both sides; what it met on its way is not.
#[actix_web::test]
async fn the_partner_learns_no_names_of_files() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "missing"})).await;
    pair.run().await;
    let ours = reaches(&pair.peer, InstanceStatus::Failed).await;
    assert!(ours.error.unwrap().to_string().contains("patients-2026.csv"));
    let theirs = reaches(&pair.host, InstanceStatus::Failed).await;
    let told = theirs.stop_reason.unwrap();
    assert!(
        told.contains("is not there") && !told.contains("patients"),
        "{told}"
    );
    pair.stop().await;
}

#[actix_web::test]
async fn the_partners_reason_is_told_whenever_it_comes() {
    let pair = consoles(json!({"do": "fail"}), json!({"do": "wait"})).await;
    for number in 1..=6 {
        let id = pair.run().await;
        let half = until("the partner's half has failed with the reason", async || {
            let query = InstanceQuery {
                limit: 20,
                ..InstanceQuery::default()
            };
            let runs = instances::list(&pair.peer.app, &root(), query).await.unwrap();
            let half = runs
                .into_iter()
                .find(|run| run.partner.instance_id.as_deref() == Some(id.as_str()))?;
            let reason = half.stop_reason.as_deref().unwrap_or_default();
            (half.status == InstanceStatus::Failed && reason.contains("broken on purpose")).then_some(half)
        })
        .await;
        assert_eq!(half.stop_cause, Some(StopCause::PartnerFailed), "run {number}");
    }
    pair.stop().await;
}

/// Both sides know why in both languages and whether another attempt may succeed; what is private stays on its side.
#[actix_web::test]
async fn the_parts_of_a_failure_reach_whom_they_are_for() {
    for (code, again, told_code) in [
        ("column_missing", false, Some("column_missing")),
        ("disk_full", true, Some("disk_full")),
        ("Not a word.", false, None),
    ] {
        let fails = json!({"do": "fail", "code": code, "again": again});
        let pair = consoles(json!({"do": "wait"}), fails).await;
        pair.run().await;
        let failed = reaches(&pair.peer, InstanceStatus::Failed).await;
        let failure = failed.failure.unwrap();
        assert_eq!(failure.message, "line 7 of patients.csv has no age");
        assert_eq!(
            failure.message_zh.as_deref(),
            Some("patients.csv 第 7 行没有年龄")
        );
        assert_eq!((failure.code.as_deref(), failure.retryable), (told_code, again));
        assert_eq!(serde_json::Value::from(failure.params), json!({"line": 7}));
        assert_eq!(failed.error.unwrap()["detail"]["column"], "age");

        reaches(&pair.host, InstanceStatus::Failed).await;
        let other = until("what the partner says has arrived", async || {
            let run = only_run(&pair.host).await;
            run.partner.retryable.map(|_| run)
        })
        .await;
        assert_eq!(other.partner.retryable, Some(again));
        assert_eq!(other.partner.failure_code.as_deref(), told_code);
        assert_eq!(other.partner.detail.as_deref(), Some("broken on purpose"));
        assert_eq!(other.partner.detail_zh.as_deref(), Some("故意失败"));
        assert_eq!(other.stop_reason_detail_zh.as_deref(), Some("故意失败"));
        assert_eq!(other.failure, None, "nothing failed here");
        let history = instances::history(&pair.host.app, &root(), &other.id)
            .await
            .unwrap();
        let known = format!("{other:?} {history:?}");
        for private in ["patients", "line", "age has", "年龄"] {
            assert!(!known.contains(private), "{private}: {known}");
        }
        pair.stop().await;
    }
}
