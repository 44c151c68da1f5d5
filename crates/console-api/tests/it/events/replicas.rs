//! Several processes of one console on one database.

use std::collections::BTreeSet;

use console_app::users;
use console_model::Role;
use reqwest::Method;
use serde_json::Value;
use task_interface::{Description, Engine, EngineError, TaskContext, TaskKind};

use super::{change, listen, touch};
use crate::client::{Client, PASSWORD, new_user};
use crate::database::on_each;
use crate::peer::console::Console;
use crate::sse::Stream;

struct Idle;

impl Engine for Idle {
    fn describe(&self) -> Description {
        Description::new("local", "1", [TaskKind::Sample])
    }

    async fn task_run(&self, _: TaskContext) -> Result<(), EngineError> {
        Ok(())
    }
}

async fn signed_in<'a>(console: &'a Console, name: &str) -> Client<'a> {
    let answer = Client::nobody(console).sign_in(name, PASSWORD).await;
    Client {
        console,
        token: Some(answer.body["token"].as_str().unwrap().to_owned()),
    }
}

#[actix_web::test]
async fn a_change_at_one_is_told_at_the_other_and_so_is_the_end_of_a_session() {
    on_each(async |database| {
        let one = Console::start_on("one", database, Idle).await;
        let other = one.replica("other", Idle).await;
        users::create_on_machine(&one.app, new_user("ann", Role::Default))
            .await
            .unwrap();
        let client = signed_in(&one, "ann").await;
        let there = Client {
            console: &other,
            token: client.token.clone(),
        };
        let mut stream = listen(&there, None).await;
        touch(&one, "a").await;
        assert_eq!(stream.next().await, Some(change("object", "a", "created")));

        // The connection goes over to the other process, and nothing is missed or told twice.
        let place = stream.last_id.clone().unwrap();
        drop(stream);
        touch(&other, "b").await;
        touch(&one, "c").await;
        let mut stream = Stream::open(client.request(Method::GET, "/events"), Some(&place)).await;
        let names = [stream.next().await.unwrap(), stream.next().await.unwrap()];
        assert_eq!(names.map(|frame| frame.data["id"].clone()), ["b", "c"]);

        assert_eq!(
            there.send(Method::DELETE, "/session", Value::Null).await.status,
            204
        );
        assert_eq!(stream.next().await.unwrap().event, "end");
        other.stop().await;
        one.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn a_listener_of_either_hears_all_that_both_do_at_the_same_time() {
    on_each(async |database| {
        let one = Console::start_on("one", database, Idle).await;
        let other = one.replica("other", Idle).await;
        users::create_on_machine(&one.app, new_user("ann", Role::Default))
            .await
            .unwrap();
        let client = signed_in(&one, "ann").await;
        let there = Client {
            console: &other,
            token: client.token.clone(),
        };
        let mut streams = [listen(&client, None).await, listen(&there, None).await];
        let work = async |console: &Console, who: &str| {
            for n in 0..40 {
                touch(console, &format!("{who}-{n}")).await;
            }
        };
        tokio::join!(work(&one, "one"), work(&other, "other"), work(&one, "three"));
        for stream in &mut streams {
            let mut heard = BTreeSet::new();
            while heard.len() < 120 {
                let frame = stream.next().await.unwrap();
                assert_eq!(frame.event, "change");
                let name = frame.data["id"].as_str().unwrap().to_owned();
                assert!(heard.insert(name), "twice: {frame:?}");
            }
        }
        other.stop().await;
        one.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn who_comes_back_after_a_restart_goes_on() {
    let console = Console::start("ours").await;
    let client = Client::new(&console, "ann", Role::Default).await;
    let token = client.token.clone();
    let mut stream = listen(&client, None).await;
    touch(&console, "a").await;
    assert_eq!(stream.next().await, Some(change("object", "a", "created")));
    let place = stream.last_id.clone().unwrap();
    touch(&console, "b").await;
    drop(stream);
    let console = console.kill().await.start(Idle).await;
    let client = Client {
        console: &console,
        token,
    };
    let mut stream = Stream::open(client.request(Method::GET, "/events"), Some(&place)).await;
    assert_eq!(stream.next().await, Some(change("object", "b", "created")));
    console.stop().await;
}
