//! Exchanges recorded between two original consoles, replayed against our server as an opted-in base partner.

use console_app::partners::{self, NewBasePartner};
use console_app::tasks::{self, NewTask};
use console_model::{ProjectId, TaskType};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::console::{Console, root};

/// Where our answer differs from the recorded one, and why.
const DIFFERENT: &[(&str, u16, Option<i64>, &str)] = &[
    (
        "project.peer.create.noconfig",
        200,
        Some(0),
        "an absent config is accepted; there it is a 500",
    ),
    (
        "project.peer.create.urlnull",
        400,
        Some(3),
        "bad input is a 400; there it is a 500",
    ),
    (
        "project.peer.create.urlempty",
        403,
        Some(7),
        "an unsigned caller is told by its address",
    ),
    ("project.peer.create.idnull", 400, Some(3), "an id is a text"),
    (
        "project.peer.put.object",
        200,
        Some(0),
        "a config may be an object; there it is a 500",
    ),
    (
        "project.peer.put.onobject",
        200,
        Some(0),
        "a config may be stored as an object; there it is a 500",
    ),
    (
        "project.peer.put.nonjson",
        400,
        Some(3),
        "bad input is a 400; there it is a 500",
    ),
    (
        "project.peer.put.list",
        400,
        Some(3),
        "bad input is a 400; there it is a 500",
    ),
    (
        "project.peer.put.missing",
        200,
        Some(0),
        "an absent config changes nothing; there it is a 500",
    ),
    (
        "project.peer.delete",
        405,
        Some(3),
        "the body is JSON; there it is HTML",
    ),
    (
        "task.peer.put",
        405,
        Some(3),
        "the body is JSON; there it is HTML",
    ),
    (
        "task.peer.create.root.known",
        409,
        Some(6),
        "a root that is paired with another id is not re-pointed",
    ),
    (
        "task.peer.create.version.dup",
        409,
        Some(6),
        "a known version is a conflict; there it is a 500",
    ),
];

/// Calls to the other of the two recorded consoles, or about what it deleted before.
const LEFT_OUT: &[&str] = &["task.inter.get.orphan"];

#[derive(Deserialize)]
struct Exchange {
    case: String,
    #[serde(default)]
    from: Option<String>,
    method: String,
    path: String,
    request: Value,
    status: u16,
    response: Value,
}

fn exchanges() -> Vec<Exchange> {
    include_str!("../../../../console-peer/tests/golden/peer-base.jsonl")
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|exchange: &Exchange| !exchange.path.contains("task_instance"))
        .filter(|exchange: &Exchange| exchange.from.as_deref() != Some("peer"))
        .filter(|exchange: &Exchange| !LEFT_OUT.contains(&exchange.case.as_str()))
        .collect()
}

async fn opt_in(console: &Console, address: &str) {
    let new = NewBasePartner {
        name: address.to_owned(),
        address: address.to_owned(),
        comment: None,
        accept_unsigned: true,
    };
    partners::add_base(&console.app, &root(), new).await.unwrap();
}

async fn send(console: &Console, exchange: &Exchange) -> (u16, Value) {
    let url = format!("{}{}", console.url, exchange.path);
    let method = reqwest::Method::from_bytes(exchange.method.as_bytes()).unwrap();
    let mut request = reqwest::Client::new().request(method, url);
    if !exchange.request.is_null() {
        request = request.json(&exchange.request);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

/// Ids are each console's own, so only their being there is compared.
fn without_ids(mut answer: Value) -> Value {
    if let Some(data) = answer.get_mut("data").and_then(Value::as_object_mut) {
        for key in ["project_id", "task_inter_id"] {
            if let Some(id) = data.get_mut(key) {
                assert!(
                    id.as_str().is_some_and(|id| id.len() == 32),
                    "{key} is an id: {id}"
                );
                *id = json!("an id");
            }
        }
    }
    answer
}

#[actix_web::test]
async fn the_recorded_exchanges_hold() {
    let console = Console::start("golden").await;
    for address in ["http://127.0.0.1:5100", "http://127.0.0.1:9"] {
        opt_in(&console, address).await;
    }
    let mut replayed = 0;
    let mut differed = Vec::new();
    for exchange in exchanges() {
        let (status, answer) = send(&console, &exchange).await;
        replayed += 1;
        if exchange.case == "project.create.ok" {
            let project = answer["data"]["project_id"].as_str().unwrap();
            let meta = Map::from_iter([("peer".to_owned(), json!("meta"))]);
            let new = NewTask {
                project_id: ProjectId::parse(project).unwrap(),
                name: "sample-task-peer".to_owned(),
                task_type: TaskType::Sample,
                token: Some("tok-sample".to_owned()),
                comment: None,
                config: None,
                meta: Some(meta),
                engine: None,
            };
            tasks::create(&console.app, &root(), new).await.unwrap();
        }
        let case = exchange.case.as_str();
        match DIFFERENT.iter().find(|(name, ..)| *name == case) {
            Some((_, expected, code, why)) => {
                assert_eq!(
                    (status, answer["rsp_code"].as_i64()),
                    (*expected, *code),
                    "{case}: {why}: {answer}"
                );
                assert!(
                    status != exchange.status || exchange.response != answer,
                    "{case} does not differ: {why}"
                );
                differed.push(case.to_owned());
            }
            None => {
                assert_eq!(status, exchange.status, "{case}: {answer}");
                assert_eq!(without_ids(answer), without_ids(exchange.response), "{case}");
            }
        }
    }
    assert!(replayed > 35, "{replayed}");
    assert_eq!(
        differed.len(),
        DIFFERENT.len(),
        "every listed difference was met: {differed:?}"
    );
    console.stop().await;
}

#[actix_web::test]
async fn a_lost_answer_is_asked_for_again() {
    let console = Console::start("again").await;
    opt_in(&console, "http://base.example:8080/console/").await;
    let body =
        json!({"peer_id": "p1", "peer_url": "http://base.example:8080/console", "peer_config": "{\"a\": 1}"});
    let url = format!("{}/project/peer", console.url);
    let post = async |body: &Value| {
        let answer = reqwest::Client::new().post(&url).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let first = post(&body).await;
    assert_eq!(first.0, 200);
    // The same content in another spelling is the same content.
    let mut same = body.clone();
    same["peer_config"] = json!("{\"\\u0061\":1}");
    assert_eq!(post(&same).await, first);
    let mut other = body.clone();
    other["peer_config"] = json!("{\"a\": 2}");
    let (status, answer) = post(&other).await;
    assert_eq!((status, answer["rsp_code"].as_i64()), (409, Some(6)));
    console.stop().await;
}

#[actix_web::test]
async fn of_many_that_ask_at_once_all_get_the_same_answer() {
    let console = Console::start("race").await;
    opt_in(&console, "http://base.example").await;
    let body = json!({"peer_id": "p1", "peer_url": "http://base.example", "peer_config": null});
    let url = format!("{}/project/peer", console.url);
    let calls = (0..8).map(|_| async {
        let answer = reqwest::Client::new()
            .post(&url)
            .json(&body)
            .send()
            .await
            .unwrap();
        answer.json::<Value>().await.unwrap()
    });
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(answers[0]["rsp_code"], 0);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(console.counts().await[1], ("project", 1));
    console.stop().await;
}
