//! What is in the tables of files, found out in the background.

use console_db::entity::table_profile;
use console_model::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::peer::console::{Console, until};
use crate::tables::{engine, upload};

/// Waits until a profile is there, or cannot be.
async fn profile(client: &Client<'_>, path: &str) -> Value {
    until("the profile is made", async || {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        (answer.body["state"] != "waiting").then_some(answer.body)
    })
    .await
}

fn column<'a>(found: &'a Value, name: &str) -> &'a Value {
    let columns = found["columns"].as_array().unwrap();
    columns.iter().find(|column| column["name"] == name).unwrap()
}

#[actix_web::test]
async fn a_table_in_any_form_is_described_and_its_broken_rows_are_named() {
    let console = Console::start_with("host", engine()).await;
    let client = Client::new(&console, "ann", Role::Root).await;
    let mut text = "编号;城市;金额;备注\r\n".to_owned();
    for row in 0..2000 {
        match row {
            700 | 1400 => text += "坏行;x\r\n",
            row => {
                text += &format!(
                    "A{row:05};{};{}.5;\"一\r\n二\"\r\n",
                    ["北京", "上海"][row % 2],
                    row % 10
                )
            }
        }
    }
    let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
    assert_eq!(upload(&client, "表.csv", &bytes).await.status, 201);
    let made = profile(&client, "/objects/表.csv/profile").await;
    assert_eq!(
        (&made["state"], &made["failure"]),
        (&json!("made"), &Value::Null),
        "{made}"
    );
    let found = &made["found"];
    let form = json!([
        found["encoding"],
        found["delimiter"],
        found["has_header"],
        found["rows"],
        found["unreadable"]
    ]);
    assert_eq!(form, json!(["gb18030", ";", true, 1998, 2]));
    let lines: Vec<_> = found["first_unreadable"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["line"].as_u64())
        .collect();
    // The header, and two lines for each row before.
    assert_eq!(lines, [Some(2 + 1400), Some(2 + 1400 + 1 + 1398)]);
    assert!(
        found["first_unreadable"][0]["reason_zh"]
            .as_str()
            .unwrap()
            .contains('行')
    );
    let id = column(found, "编号");
    assert_eq!(
        json!([id["kind"], id["distinct"]["value"], id["duplicates"]["value"]]),
        json!(["text", 1998, 0])
    );
    let amount = column(found, "金额");
    assert_eq!(
        json!([amount["kind"], amount["smallest"], amount["largest"]]),
        json!(["decimal", "0.5", "9.5"])
    );
    let bars = amount["numbers"]["histogram"].as_array().unwrap();
    assert_eq!(
        bars.iter().map(|bar| bar["count"].as_u64().unwrap()).sum::<u64>(),
        1998
    );
    let city = column(found, "城市");
    assert_eq!(
        json!([city["frequent"][0]["count"], city["missing"]]),
        json!([1000, 0])
    );
    console.stop().await;
}

#[actix_web::test]
async fn what_an_operator_says_of_the_form_holds_and_a_file_that_is_no_table_says_why() {
    let console = Console::start_with("host", engine()).await;
    let client = Client::new(&console, "ann", Role::Root).await;
    upload(&client, "t.csv", b"1|7\n2|?\n").await;
    let made = profile(
        &client,
        "/objects/t.csv/profile?has_header=true&delimiter=|&missing=7",
    )
    .await;
    let found = &made["found"];
    assert_eq!(
        json!([found["rows"], found["columns"][1]["missing"]]),
        json!([1, 0])
    );
    let guessed = profile(&client, "/objects/t.csv/profile").await;
    assert_eq!(guessed["found"]["has_header"], false);
    assert_eq!(guessed["found"]["columns"][1]["missing"], 1);

    upload(&client, "p.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0").await;
    let failed = profile(&client, "/objects/p.png/profile").await;
    assert_eq!(failed["state"], "failed");
    assert!(failed["failure"].as_str().unwrap().contains("PNG"), "{failed}");
    assert!(failed["failure_zh"].as_str().unwrap().contains("PNG"), "{failed}");
    for (path, status) in [
        ("/objects/none.csv/profile", 404),
        ("/objects/t.csv/profile?rows=3", 400),
        (
            &format!("/objects/t.csv/profile?delimiter={}", "x".repeat(17)),
            400,
        ),
    ] {
        assert_eq!(client.get(path).await.status, status, "{path}");
    }
    console.stop().await;
}

/// Every profile that the database has.
async fn rows(console: &Console) -> Vec<table_profile::Model> {
    use console_db::sea_orm::EntityTrait as _;
    table_profile::Entity::find()
        .all(console.app.db().reader())
        .await
        .unwrap()
}

#[actix_web::test]
async fn nothing_of_a_profile_stays_when_the_content_is_deleted_or_replaced() {
    let console = Console::start_with("host", engine()).await;
    let client = Client::new(&console, "ann", Role::Root).await;
    upload(&client, "a.csv", b"id,name\n1,Secret\n2,Secret\n").await;
    upload(&client, "b.csv", b"id,name\n1,Secret\n2,Secret\n").await;
    profile(&client, "/objects/a.csv/profile").await;
    // The same content is known already.
    let same = client.get("/objects/b.csv/profile").await;
    assert_eq!(same.body["state"], "made");
    assert_eq!(rows(&console).await.len(), 1);

    let replaced = client
        .request(Method::PUT, "/objects/a.csv?replace=true")
        .body("id,name\n1,Other\n");
    assert_eq!(Answer::to(replaced).await.status, 201);
    assert_eq!(rows(&console).await.len(), 0);
    let new = profile(&client, "/objects/a.csv/profile").await;
    assert_eq!(new["found"]["rows"], 1);
    profile(&client, "/objects/b.csv/profile").await;

    let gone = client.request(Method::DELETE, "/objects/b.csv");
    assert_eq!(Answer::to(gone).await.status, 204);
    let left: Vec<_> = rows(&console)
        .await
        .into_iter()
        .map(|row| row.object_name)
        .collect();
    assert_eq!(left, ["a.csv"]);
    assert_eq!(client.get("/objects/b.csv/profile").await.status, 404);
    console.stop().await;
}
