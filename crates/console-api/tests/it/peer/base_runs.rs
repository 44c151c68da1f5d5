//! Runs with a partner that speaks only the base protocol.

use console_app::instances::{self, Instance, InstanceQuery};
use console_app::partners::{self, NewBasePartner};
use console_app::tasks::{self, NewTask};
use console_model::{InstanceId, InstanceStatus, LinkStatus, PairingId, StopCause, TaskId, TaskType};
use serde_json::{Value, json};
use task_interface::{Description, Engine, EngineError, TaskContext, TaskKind};

use super::base_console::{BaseConsole, FAILED, READY, RUNNING, TERMINATED};
use super::console::{Console, root, until};
use super::pairing::{object, paired, project};
use super::proxy::LossyProxy;
use crate::runs::cluster::{self, Cluster};
use crate::runs::puppet::Puppet;

/// The partner's ids are its own.
const THEIRS: &str = "0123456789abcdef0123456789abcdef";

/// Our console and a base console, with a paired task.
struct Pair {
    console: Console,
    base: BaseConsole,
    task: TaskId,
    pairing: PairingId,
}

impl Pair {
    async fn new(engine: impl Engine, does: Value) -> Self {
        let base = BaseConsole::start().await;
        let address = format!("http://{}", base.at);
        Self::at(base, address, engine, does).await
    }

    /// The base console is reached at another address than its own.
    async fn at(base: BaseConsole, address: String, engine: impl Engine, does: Value) -> Self {
        let name = engine.describe().name;
        let tune = |settings: &mut console_app::Settings| settings.default_engine = name;
        let console = Console::start_tuned("ours", None, engine, tune).await;
        let new = NewBasePartner {
            name: "base".to_owned(),
            address,
            comment: None,
            accept_unsigned: true,
        };
        let partner = partners::add_base(&console.app, &root(), new).await.unwrap();
        let shared = project(&console, &partner.id, "joint").await;
        let new = NewTask {
            project_id: shared.id,
            name: "join".to_owned(),
            task_type: TaskType::Sample,
            token: Some("tok".to_owned()),
            comment: None,
            config: object(does),
            meta: None,
            engine: None,
        };
        let task = tasks::create(&console.app, &root(), new).await.unwrap().id;
        let pairing = paired(&console, &task).await;
        assert_eq!(pairing.status, LinkStatus::Ready);
        Self {
            console,
            base,
            task,
            pairing: pairing.id,
        }
    }

    /// We ask for a run.
    async fn run(&self) -> InstanceId {
        let run = instances::run(&self.console.app, &root(), &self.task, None).await;
        run.unwrap().id
    }

    /// The partner asks for a run. It knows our id of it when a test says so.
    async fn asked(&self) -> (u16, Value) {
        let url = format!("{}/task_instance/peer/{THEIRS}", self.console.url);
        let body = json!({"task_peer_id": self.pairing});
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn asked_run(&self) -> InstanceId {
        let (status, answer) = self.asked().await;
        assert_eq!(status, 200, "{answer}");
        InstanceId::parse(answer["data"]["task_instance_id"].as_str().unwrap()).unwrap()
    }

    /// The partner tells its state of a run, which is a wish about ours.
    async fn told(&self, status: i64) {
        let url = format!("{}/task_instance/peer/{THEIRS}", self.console.url);
        let told = reqwest::Client::new().put(url).json(&json!({"status": status}));
        assert_eq!(told.send().await.unwrap().status().as_u16(), 200);
    }

    async fn get(&self, id: &InstanceId) -> Instance {
        instances::get(&self.console.app, &root(), id).await.unwrap()
    }

    async fn reaches(&self, id: &InstanceId, status: InstanceStatus) -> Instance {
        until(&format!("it is {status}"), async || {
            let run = self.get(id).await;
            (run.status == status).then_some(run)
        })
        .await
    }

    async fn partner_is(&self, id: &InstanceId, status: InstanceStatus) {
        until(
            &format!("the partner's half is known to be {status}"),
            async || (self.get(id).await.partner.status == Some(status)).then_some(()),
        )
        .await;
    }

    async fn stop(self) {
        self.console.stop().await;
        self.base.stop().await;
    }
}

#[actix_web::test]
async fn a_run_whose_answer_was_lost_is_asked_about_before_it_is_asked_for_again() {
    let (base, proxy) = (BaseConsole::start().await, LossyProxy::start().await);
    proxy.lead_to(base.at);
    let pair = Pair::at(base, proxy.url.clone(), Puppet, json!({"do": "wait"})).await;
    // The answer to the question whether it is there is lost as well.
    proxy.lose(2);
    let id = pair.run().await;
    let run = pair.reaches(&id, InstanceStatus::Running).await;
    assert_eq!(proxy.lost(), 2);
    {
        // A base console does not see that two requests that it has at a time are the same, and starts two engines.
        let known = pair.base.known.lock().unwrap();
        assert_eq!(known.asked, 1);
        assert_eq!(
            known.runs.get(id.as_str()).map(|run| run.id.clone()),
            run.partner.instance_id
        );
    }
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_is_repeated_until_the_partners_half_has_begun() {
    let pair = Pair::new(Puppet, json!({"do": "fail"})).await;
    let id = pair.asked_run().await;
    pair.reaches(&id, InstanceStatus::Failed).await;
    // It has our answer and has not stored it, then it has stored it and not begun, then its engine has begun.
    until("it is asked to stop what it does not know yet", async || {
        (pair.base.known.lock().unwrap().unknown.1 > 0).then_some(())
    })
    .await;
    pair.base.is(id.as_str(), THEIRS, READY);
    until("it is asked to stop what is ready", async || {
        (!pair.base.known.lock().unwrap().commands.is_empty()).then_some(())
    })
    .await;
    pair.base.is(id.as_str(), THEIRS, RUNNING);
    until("its half is stopped", async || {
        (pair.base.status(id.as_str()) == Some(TERMINATED)).then_some(())
    })
    .await;
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_run_that_the_partner_asked_for_is_not_gone_before_it_has_our_answer() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.asked_run().await;
    until("it does not know its own run", async || {
        (pair.base.known.lock().unwrap().unknown.0 > 1).then_some(())
    })
    .await;
    assert_eq!(pair.get(&id).await.partner.gone_at, None);
    pair.base.is(id.as_str(), THEIRS, RUNNING);
    pair.partner_is(&id, InstanceStatus::Running).await;
    assert_eq!(pair.get(&id).await.status, InstanceStatus::Running);
    // What it knew once and does not know any more is gone.
    pair.base.known.lock().unwrap().runs.clear();
    let ended = pair.reaches(&id, InstanceStatus::Failed).await;
    assert!(ended.partner.gone_at.is_some());
    assert_eq!(ended.stop_cause, Some(StopCause::PartnerFailed));
    pair.stop().await;
}

#[actix_web::test]
async fn the_partners_half_is_watched_to_its_end_when_ours_has_ended() {
    let pair = Pair::new(Puppet, json!({"do": "end"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Succeeded).await;
    pair.partner_is(&id, InstanceStatus::Running).await;
    let theirs = pair.get(&id).await.partner.instance_id.unwrap();
    pair.base.is(id.as_str(), theirs.as_str(), TERMINATED);
    pair.partner_is(&id, InstanceStatus::Succeeded).await;
    assert_eq!(pair.get(&id).await.status, InstanceStatus::Succeeded);
    pair.stop().await;
}

#[actix_web::test]
async fn what_the_partner_tells_about_its_half_is_shown() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.asked_run().await;
    pair.base.is(id.as_str(), THEIRS, TERMINATED);
    pair.told(TERMINATED).await;
    pair.reaches(&id, InstanceStatus::Stopped).await;
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    pair.base.is(id.as_str(), THEIRS, RUNNING);
    pair.told(RUNNING).await;
    assert_eq!(pair.reaches(&id, InstanceStatus::Running).await.attempt, 2);
    pair.partner_is(&id, InstanceStatus::Running).await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_half_that_the_partner_cannot_start_again_ends_ours_with_the_reason() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Running).await;
    let theirs = pair.get(&id).await.partner.instance_id.unwrap();
    instances::stop(&pair.console.app, &root(), &id).await.unwrap();
    pair.reaches(&id, InstanceStatus::Stopped).await;
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    // Its watcher does not find the job that the stop removed, and says "failed" from then on.
    pair.base.is(id.as_str(), theirs.as_str(), FAILED);
    instances::start(&pair.console.app, &root(), &id).await.unwrap();
    let ended = pair.reaches(&id, InstanceStatus::Failed).await;
    let reason = ended.stop_reason.unwrap();
    assert!(reason.contains("cannot be started again"), "{reason}");
    pair.partner_is(&id, InstanceStatus::Failed).await;
    // It deleted its half.
    pair.base.known.lock().unwrap().runs.clear();
    instances::start(&pair.console.app, &root(), &id).await.unwrap();
    until("it is known to be gone", async || {
        pair.get(&id).await.partner.gone_at
    })
    .await;
    pair.reaches(&id, InstanceStatus::Failed).await;
    pair.stop().await;
}

#[actix_web::test]
async fn nothing_runs_with_a_partner_that_is_no_longer_paired() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Running).await;
    instances::stop(&pair.console.app, &root(), &id).await.unwrap();
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    pair.reaches(&id, InstanceStatus::Stopped).await;
    let partner = pair.get(&id).await.partner.id.unwrap();
    partners::unpair(&pair.console.app, &root(), &partner, "test")
        .await
        .unwrap();
    let anew = instances::run(&pair.console.app, &root(), &pair.task, None).await;
    assert_eq!(anew.unwrap_err().code().word(), "partner_not_active");
    let again = instances::start(&pair.console.app, &root(), &id).await;
    assert_eq!(again.unwrap_err().code().word(), "partner_not_active");
    assert_eq!(pair.get(&id).await.status, InstanceStatus::Stopped);
    pair.stop().await;
}

/// The engine of the original's partners: a run that they or we ask for goes through our cluster to the end.
#[actix_web::test]
async fn a_join_on_a_cluster_goes_with_a_partner_that_runs_the_original() {
    for (asked_by_us, config) in [(true, cluster::join("True")), (false, cluster::join("False"))] {
        let cluster = Cluster::start().await;
        let pair = Pair::new(cluster.engine(), config).await;
        let id = match asked_by_us {
            true => pair.run().await,
            false => pair.asked_run().await,
        };
        let theirs = match asked_by_us {
            true => pair
                .reaches(&id, InstanceStatus::Succeeded)
                .await
                .partner
                .instance_id
                .unwrap()
                .to_string(),
            false => THEIRS.to_owned(),
        };
        pair.reaches(&id, InstanceStatus::Succeeded).await;
        // The original stores success as "terminated".
        pair.base.is(id.as_str(), &theirs, TERMINATED);
        pair.partner_is(&id, InstanceStatus::Succeeded).await;
        cluster
            .cluster
            .wait_until(|cluster| cluster.is_empty("default"))
            .await;
        pair.stop().await;
    }
}

/// An engine that cannot do without the channel.
struct Talker;

impl Engine for Talker {
    fn describe(&self) -> Description {
        let mut description = Description::new("local", "1", [TaskKind::Sample]);
        description.capabilities.peer_channel = true;
        description
    }

    async fn task_run(&self, context: TaskContext) -> Result<(), EngineError> {
        context.reporter.running().await?;
        context.peer.receive().await.map(|_| ())
    }
}

#[actix_web::test]
async fn an_engine_that_needs_the_channel_does_not_run_with_a_base_partner() {
    let pair = Pair::new(Talker, json!({})).await;
    let refused = instances::run(&pair.console.app, &root(), &pair.task, None).await;
    assert_eq!(refused.unwrap_err().code().word(), "engine_needs_channel");
    let (status, answer) = pair.asked().await;
    assert_eq!((status, answer["rsp_code"].as_i64()), (400, Some(9)), "{answer}");
    let query = InstanceQuery {
        limit: 10,
        ..InstanceQuery::default()
    };
    let runs = instances::list(&pair.console.app, &root(), query).await.unwrap();
    assert!(runs.is_empty(), "{runs:?}");
    assert!(pair.base.known.lock().unwrap().runs.is_empty());
    pair.stop().await;
}

#[actix_web::test]
async fn a_half_that_goes_on_after_it_said_that_it_had_stopped_is_stopped_again() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Running).await;
    let theirs = pair.get(&id).await.partner.instance_id.unwrap();
    instances::stop(&pair.console.app, &root(), &id).await.unwrap();
    pair.reaches(&id, InstanceStatus::Stopped).await;
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    // Its watcher finds the job still there, and says so.
    pair.base.is(id.as_str(), &theirs, RUNNING);
    until("it is asked to stop again", async || {
        (pair.base.status(id.as_str()) == Some(TERMINATED)).then_some(())
    })
    .await;
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    pair.stop().await;
}

#[actix_web::test]
async fn operators_can_stop_the_partners_half_when_ours_has_ended() {
    let pair = Pair::new(Puppet, json!({"do": "end"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Succeeded).await;
    pair.partner_is(&id, InstanceStatus::Running).await;
    instances::stop(&pair.console.app, &root(), &id).await.unwrap();
    until("its half is stopped", async || {
        (pair.base.status(id.as_str()) == Some(TERMINATED)).then_some(())
    })
    .await;
    assert_eq!(pair.get(&id).await.status, InstanceStatus::Succeeded);
    // A base partner has one number for both; that it was stopped is known here.
    pair.partner_is(&id, InstanceStatus::Stopped).await;
    until("nothing is left to stop", async || {
        let again = instances::stop(&pair.console.app, &root(), &id).await;
        again
            .is_err_and(|error| error.code().word() == "cannot_stop")
            .then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn a_stop_of_one_run_does_not_stand_in_for_that_of_another() {
    let pair = Pair::new(Puppet, json!({"do": "end"})).await;
    let ids = [pair.run().await, pair.run().await];
    for id in &ids {
        pair.reaches(id, InstanceStatus::Succeeded).await;
        pair.partner_is(id, InstanceStatus::Running).await;
    }
    // The first one's message still waits when the second one is asked for.
    for id in &ids {
        instances::stop(&pair.console.app, &root(), id).await.unwrap();
    }
    for id in &ids {
        until("its half is stopped", async || {
            (pair.base.status(id.as_str()) == Some(TERMINATED)).then_some(())
        })
        .await;
    }
    pair.stop().await;
}

#[actix_web::test]
async fn an_answer_about_another_run_says_nothing_about_this_one() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Running).await;
    let theirs = pair.get(&id).await.partner.instance_id.unwrap();
    pair.base.is(id.as_str(), "another-run", FAILED);
    let partner = pair.get(&id).await.partner.id.unwrap();
    let error = until("the answer is not understood", async || {
        let row = partners::get(&pair.console.app, &root(), &partner).await.unwrap();
        row.last_error
    })
    .await;
    assert!(error.contains("about another run"), "{error}");
    assert_eq!(pair.get(&id).await.status, InstanceStatus::Running);
    pair.base.is(id.as_str(), &theirs, RUNNING);
    until("the trouble is over", async || {
        let row = partners::get(&pair.console.app, &root(), &partner).await.unwrap();
        row.last_error.is_none().then_some(())
    })
    .await;
    pair.stop().await;
}

#[actix_web::test]
async fn what_is_refused_to_partners_and_unknown_consoles_is_shown_to_operators() {
    let pair = Pair::new(Talker, json!({})).await;
    let partner = partners::list(&pair.console.app, &root(), &console_db::Page::first(1))
        .await
        .unwrap();
    assert_eq!(
        partner[0].cannot_run.as_ref().unwrap().code.word(),
        "engine_needs_channel"
    );
    let (status, _) = pair.asked().await;
    assert_eq!(status, 400);
    let url = format!("{}/project/peer", pair.console.url);
    let stranger = json!({"peer_id": THEIRS, "peer_url": "http://localhost:5000", "peer_config": "{}"});
    let answer = reqwest::Client::new()
        .post(url)
        .json(&stranger)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 403);
    let calls = console_app::refused_calls::list(&pair.console.app, &root()).unwrap();
    let [unknown, run] = calls.as_slice() else {
        panic!("{calls:?}");
    };
    assert_eq!(unknown.caller.as_deref(), Some("http://localhost:5000"));
    assert_eq!(
        (&unknown.partner_id, unknown.call.as_str()),
        (&None, "POST /project/peer")
    );
    assert_eq!(
        (run.caller.as_deref(), run.call.as_str()),
        (Some("base"), "POST /task_instance/peer")
    );
    assert!(run.reason.contains("needs a channel"), "{}", run.reason);
    let reader = super::console::reader();
    assert!(console_app::refused_calls::list(&pair.console.app, &reader).is_err());
    pair.stop().await;
}

/// Two questions that crossed end with the later version; a version that has had a run keeps its name.
#[actix_web::test]
async fn a_version_in_use_is_not_renamed_by_the_partner() {
    let pair = Pair::new(Puppet, json!({"do": "end"})).await;
    let version = async || {
        tasks::get(&pair.console.app, &root(), &pair.task)
            .await
            .unwrap()
            .version
            .to_string()
    };
    let theirs = {
        let known = pair.base.known.lock().unwrap();
        known.pairings[pair.pairing.as_str()].clone()
    };
    let ask = async |version: &str| {
        let url = format!("{}/task/peer/{theirs}", pair.console.url);
        let body = json!({"token": "tok", "task_root": true, "version": version});
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(ask("29990101000000").await, 200);
    assert_eq!(version().await, "29990101000000");
    let id = pair.run().await;
    pair.reaches(&id, InstanceStatus::Succeeded).await;
    assert_eq!(ask("29990101000001").await, 409);
    assert_eq!(version().await, "29990101000000");
    // The same call again is still answered.
    assert_eq!(ask("29990101000000").await, 200);
    pair.stop().await;
}

/// A token is the only thing that an unsigned caller has to know, so it must not be found by trying.
#[actix_web::test]
async fn tokens_cannot_be_guessed_one_after_the_other() {
    let pair = Pair::new(Puppet, json!({"do": "wait"})).await;
    let guess = async |number: u32| {
        let url = format!("{}/task/peer/{:032x}", pair.console.url, number);
        let body =
            json!({"token": format!("guess {number}"), "task_root": true, "version": "20261126074557"});
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        answer.status().as_u16()
    };
    let first = guess(1).await;
    assert!(first == 403 || first == 404, "{first}");
    let mut number = 1;
    while guess(number).await == first {
        number += 1;
        assert!(number < 50, "so many tokens were tried");
    }
    assert_eq!(guess(99).await, 429);
    // What names no token goes on.
    assert_eq!(pair.asked().await.0, 200);
    pair.console.stop().await;
}
