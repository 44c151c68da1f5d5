//! Runs with a partner that is suspended or un-paired while they last.

use console_app::{partners, projects};

use super::*;

#[actix_web::test]
async fn nothing_goes_to_a_suspended_partner_and_the_run_goes_on_after() {
    let says = json!({"do": "say", "count": 1, "last": "while suspended"});
    let pair = consoles(says, json!({"do": "hear", "count": 1})).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    partners::suspend(&pair.host.app, &root(), &pair.peer_at_host)
        .await
        .unwrap();
    puppet::open("while suspended");
    // When the log is written, the message has been waiting for much longer than its way takes.
    until("the engine has spoken", async || {
        let log = log(&pair.host, &id, 0).await;
        (!log.lines.is_empty()).then_some(())
    })
    .await;
    assert_eq!(only_run(&pair.peer).await.status, InstanceStatus::Running);
    let pairing = tasks::get(&pair.host.app, &root(), &pair.host_task)
        .await
        .unwrap();
    let asked = pairings::refresh_meta(&pair.host.app, &root(), &pairing.pairing.unwrap().id).await;
    assert_eq!(code(asked.unwrap_err()), "partner_not_active");
    let checked = projects::check(&pair.host.app, &root(), &pairing.project_id).await;
    assert_eq!(code(checked.unwrap_err()), "partner_not_active");
    partners::resume(&pair.host.app, &root(), &pair.peer_at_host)
        .await
        .unwrap();
    for console in [&pair.host, &pair.peer] {
        reaches(console, InstanceStatus::Succeeded).await;
    }
    pair.stop().await;
}

#[actix_web::test]
async fn the_end_of_a_pairing_ends_its_runs_on_both_sides() {
    let does = json!({"do": "wait"});
    let pair = consoles(does.clone(), does).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Running).await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    partners::unpair(&pair.host.app, &root(), &pair.peer_at_host, "test")
        .await
        .unwrap();
    // In the same transaction, so that it is so already.
    assert!(!only_run(&pair.host).await.status.is_stoppable());
    for (console, cause) in [
        (&pair.host, StopCause::Operator),
        (&pair.peer, StopCause::PartnerStopped),
    ] {
        let run = reaches(console, InstanceStatus::Stopped).await;
        assert_eq!(run.stop_cause, Some(cause));
        assert!(run.stop_reason.unwrap().contains("pairing"));
    }
    let gone = partners::get(&pair.host.app, &root(), &pair.peer_at_host).await;
    let told = until("only the end of the pairing is told", async || {
        let partner = partners::get(&pair.host.app, &root(), &pair.peer_at_host)
            .await
            .unwrap();
        (partner.waiting_messages == 0).then_some(partner)
    })
    .await;
    assert_eq!(told.trust, gone.unwrap().trust);
    for refused in [
        instances::start(&pair.host.app, &root(), &id).await.map(|_| ()),
        instances::run(&pair.peer.app, &root(), &pair.peer_task, None)
            .await
            .map(|_| ()),
    ] {
        assert_eq!(code(refused.unwrap_err()), "partner_not_active");
    }
    pair.stop().await;
}
