//! The log of a run: in pages, as a file, and as it grows; at any process, and after its time.

use std::time::Duration;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use console_app::instances;
use console_db::entity::log_chunk;
use console_db::log_chunks::{self, NewChunk};
use console_db::sea_orm::{ActiveValue, EntityTrait as _};
use console_model::{InstanceId, InstanceStatus, Role};
use console_storage::{ObjectKey, PutMode, PutOptions};
use reqwest::Method;
use serde_json::{Value, json};

use super::puppet::Puppet;
use super::{Pair, consoles, reaches};
use crate::client::Client;
use crate::peer::console::{Console, root, until};
use crate::sse::{Frame, Stream};

/// A pair whose host says so many lines.
async fn chatty(lines: usize) -> Pair {
    consoles(
        json!({"do": "chat", "lines": lines}),
        json!({"do": "chat", "lines": 1}),
    )
    .await
}

fn path(id: &InstanceId, query: &str) -> String {
    format!("/instances/{id}/logs?{query}")
}

async fn page(client: &Client<'_>, id: &InstanceId, query: &str) -> Value {
    let answer = client.get(&path(id, query)).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

fn numbers(page: &Value) -> Vec<i64> {
    let lines = page["lines"].as_array().unwrap().iter();
    lines.map(|line| line["line"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn a_log_is_read_in_pages_by_level_and_part_and_from_its_end() {
    let pair = chatty(40).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;

    let first = page(&client, &id, "limit=15").await;
    assert_eq!(numbers(&first), (0..15).collect::<Vec<_>>());
    assert_eq!(
        (&first["first_line"], &first["next_line"], &first["more"]),
        (&json!(0), &json!(15), &json!(true))
    );
    let rest = page(&client, &id, "from=15").await;
    assert_eq!(numbers(&rest), (15..40).collect::<Vec<_>>());
    assert_eq!(
        (&rest["next_line"], &rest["more"], &rest["expired"]),
        (&json!(40), &json!(false), &Value::Null)
    );
    let line = &rest["lines"][0];
    assert_eq!(
        (&line["level"], &line["role"], &line["text"]),
        (&json!("error"), &json!("worker"), &json!("line 15"))
    );

    let errors = page(&client, &id, "levels=error,warn&limit=3").await;
    assert_eq!(
        (numbers(&errors), &errors["next_line"]),
        (vec![2, 3, 6], &json!(7))
    );
    let worker = page(&client, &id, "role=worker&levels=debug").await;
    assert_eq!(
        (numbers(&worker), &worker["next_line"]),
        (vec![0, 12, 24, 36], &json!(40))
    );
    let nothing = page(&client, &id, "role=nobody").await;
    assert_eq!(
        (numbers(&nothing), &nothing["next_line"], &nothing["more"]),
        (vec![], &json!(40), &json!(false))
    );

    assert_eq!(numbers(&page(&client, &id, "tail=3").await), [37, 38, 39]);
    assert_eq!(numbers(&page(&client, &id, "tail=2&levels=info").await), [33, 37]);
    assert_eq!(numbers(&page(&client, &id, "tail=999").await).len(), 40);

    let earlier = page(&client, &id, "tail=3&before=20").await;
    assert_eq!(
        (numbers(&earlier), &earlier["next_line"], &earlier["more"]),
        (vec![17, 18, 19], &json!(20), &json!(false))
    );
    assert_eq!(numbers(&page(&client, &id, "from=37&before=39").await), [37, 38]);
    assert_eq!(numbers(&page(&client, &id, "tail=2&before=999").await), [38, 39]);
    let earlier = page(&client, &id, "tail=2&before=20&levels=info").await;
    assert_eq!(numbers(&earlier), [13, 17]);
    let nothing = page(&client, &id, "tail=5&before=20&role=nobody").await;
    assert_eq!(
        (numbers(&nothing), &nothing["first_line"], &nothing["next_line"]),
        (vec![], &json!(0), &json!(20))
    );
    let threes = [vec![3], (30..40).collect()].concat();
    assert_eq!(numbers(&page(&client, &id, "contains=LINE%203").await), threes);
    let earlier = page(&client, &id, "contains=line%203&tail=2&before=31").await;
    assert_eq!(numbers(&earlier), [3, 30]);
    assert!(numbers(&page(&client, &id, "contains=%25").await).is_empty());
    for (query, pointer) in [
        ("tail=0", "tail"),
        ("tail=1&from=1", "tail"),
        ("levels=loud", "levels"),
        ("limit=0", "limit"),
        ("follow=true&format=text", "format"),
        ("follow=true&before=3", "before"),
        ("format=pdf", "format"),
    ] {
        let refused = client.get(&path(&id, query)).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (400, vec![pointer]),
            "{query}"
        );
    }

    let file = client
        .request(Method::GET, &path(&id, "format=text&from=38"))
        .send()
        .await
        .unwrap();
    let disposition = format!("attachment; filename=\"{id}-1.log\"");
    assert_eq!(file.headers()["content-disposition"], disposition.as_str());
    assert_eq!(file.headers()["content-type"], "text/plain; charset=utf-8");
    let text = file.text().await.unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(lines, ["WARN  engine: line 38", "ERROR worker: line 39"]);
    pair.stop().await;
}

/// The numbers of the lines of a stream up to its end, and the number that the end tells.
async fn followed(stream: &mut Stream) -> (Vec<i64>, i64) {
    let mut seen = Vec::new();
    loop {
        let Frame { event, data } = stream.next().await.expect("it breaks off");
        match event.as_str() {
            "lines" => {
                let lines = numbers(&data);
                assert_eq!(data["first_line"], lines[0]);
                assert_eq!(
                    stream.last_id.as_deref(),
                    Some(data["next_line"].to_string().as_str())
                );
                seen.extend(lines);
            }
            "end" => return (seen, data["next_line"].as_i64().unwrap()),
            other => panic!("{other}"),
        }
    }
}

#[actix_web::test]
async fn a_log_is_followed_at_any_process_to_its_end_without_a_gap() {
    let pair = chatty(3000).await;
    let other = pair.host.replica("host-2", Puppet).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let there = Client {
        console: &other,
        token: client.token.clone(),
    };
    let id = pair.run().await;
    let follow = async |client: &Client<'_>, query: &str| {
        let query = format!("follow=true&{query}");
        Stream::open(client.request(Method::GET, &path(&id, &query)), None).await
    };
    let mut streams = [
        follow(&client, "").await,
        follow(&there, "").await,
        follow(&there, "levels=error").await,
        follow(&there, "contains=Line%20299").await,
    ];
    let [here, away, errors, found] = &mut streams;
    let (here, away, errors, found) =
        tokio::join!(followed(here), followed(away), followed(errors), followed(found));
    let all = ((0..3000).collect::<Vec<i64>>(), 3000);
    assert!(here == all && away == all, "{} {}", here.0.len(), away.0.len());
    assert_eq!(
        errors.0,
        (0..3000).filter(|line| line % 4 == 3).collect::<Vec<i64>>()
    );
    assert_eq!(errors.1, 3000);
    assert_eq!(found.0, [vec![299], (2990..3000).collect()].concat());

    // What is over is told at once, from any place.
    let mut late = follow(&there, "tail=2").await;
    assert_eq!(followed(&mut late).await, (vec![2998, 2999], 3000));
    let request = client.request(Method::GET, &path(&id, "follow=true&from=7"));
    let mut resumed = Stream::open(request, Some("2990")).await;
    assert_eq!(followed(&mut resumed).await.0, (2990..3000).collect::<Vec<i64>>());
    assert_eq!(resumed.next().await, None);
    other.stop().await;
    pair.stop().await;
}

#[actix_web::test]
async fn who_follows_waits_for_the_run_and_goes_on_where_he_was() {
    let pair = consoles(
        json!({"do": "talk", "pause_after": 1, "go": "followed"}),
        json!({"do": "talk", "pause_after": 1, "go": "followed"}),
    )
    .await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let id = pair.run().await;
    let request = || client.request(Method::GET, &path(&id, "follow=true"));
    let mut stream = Stream::open(request(), None).await;
    let lines = stream.next().await.unwrap();
    assert_eq!((lines.event.as_str(), numbers(&lines.data)), ("lines", vec![0]));
    assert_eq!(stream.soon().await, None, "the run goes on, and says nothing");
    let place = stream.last_id.clone();
    drop(stream);
    super::puppet::open("followed");
    let mut stream = Stream::open(request(), place.as_deref()).await;
    assert_eq!(followed(&mut stream).await, (vec![1, 2], 3));
    pair.stop().await;
}

/// Writes chunks of a log as the writer does, of 100 lines with 1,000 letters each.
async fn long_log(console: &Console, id: &InstanceId, chunks: i32) {
    for chunk in 0..chunks {
        let line = |n| json!({"at": Utc::now(), "level": "info", "role": "x", "text": format!("{n:01000}")});
        let bytes: String = (0..100).map(|n| format!("{}\n", line(n))).collect();
        let key = ObjectKey::log_chunk(id, 1, i64::from(chunk));
        let new = NewChunk {
            instance_id: id.clone(),
            attempt: 1,
            chunk_no: chunk,
            first_line: i64::from(chunk) * 100,
            line_count: 100,
            byte_count: i32::try_from(bytes.len()).unwrap(),
            object_key: key.as_str().to_owned(),
            first_at: Utc::now(),
            last_at: Utc::now(),
        };
        let put = PutOptions::new(PutMode::Replace);
        console
            .app
            .store()
            .put_bytes(&key, Bytes::from(bytes), put)
            .await
            .unwrap();
        log_chunks::insert(console.app.db().writer(), new).await.unwrap();
    }
}

#[actix_web::test]
async fn a_slow_reader_holds_the_reading_back() {
    let pair = chatty(0).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    // 60 MB, many times what the buffers between the two hold.
    const CHUNKS: i32 = 600;
    long_log(&pair.host, &id, CHUNKS).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let request = client.request(Method::GET, &path(&id, "follow=true"));
    let mut stream = Stream::open(request, None).await;
    assert_eq!(stream.next().await.unwrap().event, "lines");
    // Whatever would be read ahead is read by now.
    tokio::time::sleep(Duration::from_secs(1)).await;
    // What was not read yet is not there any more when the reader goes on.
    for chunk in 0..CHUNKS {
        let key = ObjectKey::log_chunk(&id, 1, i64::from(chunk));
        pair.host.app.store().delete(&key).await.unwrap();
    }
    let (lines, end) = followed(&mut stream).await;
    assert_eq!(end, i64::from(CHUNKS) * 100);
    let read = lines.len() / 100;
    assert!(
        read < 300,
        "{read} of {CHUNKS} chunks were read for somebody who took one"
    );
    pair.stop().await;
}

#[actix_web::test]
async fn a_long_log_is_read_backwards_without_a_gap() {
    let pair = chatty(0).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    // More chunks than one page looks through.
    long_log(&pair.host, &id, 70).await;
    let client = Client::new(&pair.host, "reader", Role::Default).await;
    let mut read = Vec::new();
    let mut before = 7000;
    while before > 0 {
        let page = page(&client, &id, &format!("tail=950&before={before}")).await;
        assert_eq!(page["next_line"], before);
        before = page["first_line"].as_i64().unwrap();
        read.splice(0..0, numbers(&page));
    }
    assert_eq!(read, (0..7000).collect::<Vec<i64>>());

    // Where there is nothing, the pages say how far was looked.
    let none = page(&client, &id, "tail=5&role=nobody").await;
    assert_eq!((numbers(&none), &none["next_line"]), (vec![], &json!(7000)));
    let begun = none["first_line"].as_i64().unwrap();
    assert!(
        (1..7000).contains(&begun),
        "one page looked at lines from {begun}"
    );
    let rest = page(&client, &id, &format!("tail=5&role=nobody&before={begun}")).await;
    assert_eq!(
        (&rest["first_line"], &rest["next_line"]),
        (&json!(0), &json!(begun))
    );
    pair.stop().await;
}

#[actix_web::test]
async fn old_lines_are_deleted_and_pages_say_so() {
    let pair = chatty(0).await;
    let id = pair.run().await;
    reaches(&pair.host, InstanceStatus::Succeeded).await;
    long_log(&pair.host, &id, 3).await;
    let (host, client) = (&pair.host, Client::new(&pair.host, "reader", Role::Default).await);
    let db = host.app.db();
    let aged = |chunk: Option<i32>| {
        let old = console_db::naive(Utc::now() - TimeDelta::days(365));
        let set = log_chunk::ActiveModel {
            last_at: ActiveValue::Set(old),
            ..Default::default()
        };
        use console_db::sea_orm::{ColumnTrait as _, QueryFilter as _};
        let update = log_chunk::Entity::update_many().set(set);
        match chunk {
            Some(chunk) => update.filter(log_chunk::Column::ChunkNo.lte(chunk)),
            None => update,
        }
    };
    let expires = async |before: i64| {
        host.app.wake().sweep.notify_one();
        until("old lines are deleted", async || {
            let page = page(&client, &id, "limit=1").await;
            (page["expired"]["before_line"] == before).then_some(page)
        })
        .await
    };
    aged(Some(1)).exec(db.writer()).await.unwrap();
    let left = expires(200).await;
    assert_eq!((numbers(&left), &left["first_line"]), (vec![200], &json!(200)));
    let request = client.request(Method::GET, &path(&id, "follow=true"));
    let mut stream = Stream::open(request, None).await;
    let told = stream.next().await.unwrap();
    assert_eq!(
        (told.event.as_str(), &told.data["before_line"]),
        ("expired", &json!(200))
    );
    assert_eq!(followed(&mut stream).await.1, 300);

    aged(None).exec(db.writer()).await.unwrap();
    let gone = expires(300).await;
    assert_eq!(
        (numbers(&gone), &gone["next_line"], &gone["more"]),
        (vec![], &json!(300), &json!(false))
    );
    for chunk in 0..3 {
        let key = ObjectKey::log_chunk(&id, 1, chunk);
        assert!(
            host.app.store().head(&key).await.is_err(),
            "chunk {chunk} is there"
        );
    }
    let file = client
        .request(Method::GET, &path(&id, "format=text"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (file.status().as_u16(), file.text().await.unwrap().as_str()),
        (200, "")
    );

    instances::delete(&host.app, &root(), &id).await.unwrap();
    assert_eq!(log_chunks::expired(db.reader(), &id, 1).await.unwrap(), None);
    assert_eq!(client.get(&path(&id, "")).await.status, 404);
    pair.stop().await;
}
