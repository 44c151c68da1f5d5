//! Bodies of strangers, status numbers, configs.

use chrono::NaiveDate;
use console_model::{ErrorKind, InstanceStatus, TaskType};
use console_peer::Word;
use console_peer::base::{
    BaseError, BaseStatus, ConfigText, EpochSeconds, InstanceCreate, InstanceRow, InstanceUpdate,
    ProjectCreate, ProjectUpdate, RspCode, StatusCommand, TaskPair,
};
use console_peer::json::{JsonError, MAX_BYTES, MAX_DEPTH, MAX_VALUES};
use proptest::prelude::*;
use serde_json::{Value, json};

fn update(body: &Value) -> Result<ProjectUpdate, BaseError> {
    ProjectUpdate::parse(body.to_string().as_bytes())
}

#[test]
fn a_config_is_read_from_text_object_null_and_absence() {
    let object = json!({"a": [1, {"名": "值"}]});
    let escaped = r#"{"a": [1, {"\u540d": "\u503c"}]}"#;
    for config in [json!(object.to_string()), json!(escaped), object.clone()] {
        let read = update(&json!({ "peer_config": config })).unwrap();
        assert_eq!(read.peer_config.to_value(), Some(object.clone()));
        let written = serde_json::to_value(&read).unwrap();
        let text = written["peer_config"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), object);
    }
    for (body, expected) in [
        (json!({"peer_config": null}), ConfigText::Null),
        (json!({"peer_config": "null"}), ConfigText::Null),
        (json!({}), ConfigText::Absent),
    ] {
        let read = update(&body).unwrap();
        assert_eq!(read.peer_config, expected);
        assert_eq!(serde_json::to_value(&read).unwrap(), json!({"peer_config": null}));
    }
    for odd in [json!("not json"), json!("[1]"), json!(3), json!([1]), json!(true)] {
        let error = update(&json!({ "peer_config": odd })).unwrap_err();
        assert_eq!(
            (error.status, error.code),
            (400, RspCode::InvalidArgument),
            "{odd}"
        );
    }
}

#[test]
fn a_config_merges_and_nothing_is_lost_by_silence() {
    let stored = json!({"a": 1, "b": 2});
    let new = update(&json!({"peer_config": {"b": 3, "c": 4}}))
        .unwrap()
        .peer_config;
    assert_eq!(
        new.merged_into(Some(&stored)),
        Some(json!({"a": 1, "b": 3, "c": 4}))
    );
    assert_eq!(
        new.merged_into(Some(&json!("odd"))),
        Some(json!({"b": 3, "c": 4}))
    );
    assert_eq!(new.merged_into(None), Some(json!({"b": 3, "c": 4})));
    assert_eq!(ConfigText::Null.merged_into(Some(&stored)), Some(stored));
    assert_eq!(ConfigText::Absent.merged_into(None), None);
}

#[test]
fn a_wrong_body_is_a_400_that_names_the_member() {
    for (body, names) in [
        (&b""[..], "{'peer_id', 'peer_url'} are required"),
        (b"{}", "{'peer_id', 'peer_url'} are required"),
        (b"[]", "not a JSON object"),
        (b"{\"peer_id\": ", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (br#"{"peer_id": 5, "peer_url": "x"}"#, "'peer_id'"),
        (br#"{"peer_id": "a/b", "peer_url": "x"}"#, "'peer_id'"),
        (br#"{"peer_id": "a", "peer_url": null}"#, "'peer_url'"),
        (
            br#"{"peer_id": "a", "peer_url": "x", "peer_config": 1}"#,
            "'peer_config'",
        ),
    ] {
        let error = ProjectCreate::parse(body).unwrap_err();
        assert_eq!((error.status, error.code), (400, RspCode::InvalidArgument));
        assert!(error.message.contains(names), "{}", error.message);
    }
    let long = json!({"token": "x".repeat(257), "version": "1", "task_root": true});
    let error = TaskPair::parse(long.to_string().as_bytes()).unwrap_err();
    assert!(error.message.contains("'token'"), "{}", error.message);
}

#[test]
fn size_and_depth_are_limited() {
    let deep = |levels: usize| {
        let inner = format!("{}{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        format!(r#"{{"peer_config": {{}}, "x": {inner}}}"#)
    };
    assert!(ProjectUpdate::parse(deep(MAX_DEPTH).as_bytes()).is_ok());
    let error = ProjectUpdate::parse(deep(MAX_DEPTH + 1).as_bytes()).unwrap_err();
    assert!(error.message.contains("nested"), "{}", error.message);
    let bombs = ["[".repeat(2_000_000), "{\"a\":".repeat(500_000)];
    assert!(
        bombs
            .iter()
            .all(|bomb| ProjectUpdate::parse(bomb.as_bytes()).is_err())
    );
    // A value takes far more memory than it takes to write it.
    let many = |values: usize| {
        format!(
            r#"{{"peer_config": {{}}, "x": [{}]}}"#,
            vec!["[]"; values].join(",")
        )
    };
    assert!(ProjectUpdate::parse(many(MAX_VALUES / 2 - 10).as_bytes()).is_ok());
    let error = ProjectUpdate::parse(many(MAX_VALUES / 2 + 10).as_bytes()).unwrap_err();
    assert!(error.message.contains("values"), "{}", error.message);
    // Brackets inside of a text are no levels, and a text inside of the text has the same limit.
    let text = json!({"peer_config": {"x": "[".repeat(500)}}).to_string();
    assert!(ProjectUpdate::parse(text.as_bytes()).is_ok());
    let text = json!({"peer_config": format!("{{\"x\": {}{}}}", "[".repeat(100), "]".repeat(100))});
    assert!(ProjectUpdate::parse(text.to_string().as_bytes()).is_err());
    assert_eq!(
        console_peer::json::parse(&vec![b' '; MAX_BYTES + 1]),
        Err(JsonError::TooLarge)
    );
}

#[test]
fn extension_members_are_optional_and_newer_ones_are_ignored() {
    let body = json!({
        "token": "t", "version": "20261123231126", "task_root": 1, "project_peer_id": "p",
        "task_type": "evaluate", "meta": {"a": 1}, "from_the_future": [1, 2],
    });
    let pair = TaskPair::parse(body.to_string().as_bytes()).unwrap();
    assert_eq!(pair.task_type, Some(Word::Other("evaluate".to_owned())));
    assert!(pair.task_root);
    let base = serde_json::to_value(pair.without_extensions()).unwrap();
    assert_eq!(
        base,
        json!({"token": "t", "version": "20261123231126", "task_root": true})
    );
    assert_eq!(serde_json::to_value(&pair).unwrap()["task_type"], "evaluate");

    let known = TaskPair::parse(br#"{"token":"t","version":"1","task_root":false,"task_type":"train"}"#);
    assert_eq!(known.unwrap().task_type, Some(Word::Known(TaskType::Train)));
    let create = InstanceCreate::parse(br#"{"task_peer_id":"x","attempt":2}"#).unwrap();
    assert_eq!(create.attempt, Some(2));
    assert!(InstanceCreate::parse(br#"{"task_peer_id":"x","attempt":-1}"#).is_err());
    assert_eq!(create.without_extensions().attempt, None);
    let update = update(&json!({"peer_config": {}, "replace": true, "archived": null})).unwrap();
    assert_eq!((update.replace, update.archived), (Some(true), None));
    assert_eq!(update.without_extensions().replace, None);
}

#[test]
fn a_status_command_is_a_number_or_text_of_one() {
    for (text, expected) in [
        ("3", StatusCommand::Run),
        ("\"5\"", StatusCommand::Stop),
        ("99", StatusCommand::Other(99)),
    ] {
        let update = InstanceUpdate::parse(format!("{{\"status\": {text}}}").as_bytes()).unwrap();
        assert_eq!(update.status, expected);
    }
    assert!(InstanceUpdate::parse(br#"{"status": 3.5}"#).is_err());
}

#[test]
fn every_status_of_ours_has_a_number_that_a_base_console_knows() {
    for status in InstanceStatus::ALL {
        let base = BaseStatus::from(*status);
        assert!((0..=6).contains(&base.number()), "{status}");
        assert_eq!(BaseStatus::from_number(base.number()), base);
    }
    let numbers = |status: InstanceStatus| BaseStatus::from(status).number();
    assert_eq!(numbers(InstanceStatus::Starting), 3);
    assert_eq!(numbers(InstanceStatus::Stopping), 3);
    assert_eq!(numbers(InstanceStatus::Lost), 4);
    assert_eq!(numbers(InstanceStatus::Stopped), 5);
    assert_eq!(numbers(InstanceStatus::Succeeded), 6);
    let five = BaseStatus::from_number(5);
    assert_eq!(five, BaseStatus::TerminatedOrSucceeded);
    assert_eq!(five.to_ours(true), Some(InstanceStatus::Stopped));
    assert_eq!(five.to_ours(false), Some(InstanceStatus::Succeeded));
    assert_eq!(BaseStatus::from_number(42), BaseStatus::Other(42));
    assert_eq!(BaseStatus::Other(42).to_ours(false), None);
}

#[test]
fn a_row_needs_only_id_and_status() {
    let row: InstanceRow =
        serde_json::from_value(json!({"id": "x", "status": 17, "error": {"a": 1}})).unwrap();
    assert_eq!(row.status, BaseStatus::Other(17));
    assert_eq!(row.error.as_deref(), Some("{\"a\":1}"));
    assert_eq!(row.gmt_start, None);
}

#[test]
fn times_are_seconds_in_utc() {
    let time = NaiveDate::from_ymd_opt(2026, 11, 23)
        .unwrap()
        .and_hms_milli_opt(15, 11, 32, 250)
        .unwrap();
    let seconds = EpochSeconds::from_utc(time);
    assert!((seconds.seconds() - 1_795_446_692.25).abs() < 1e-9);
    assert_eq!(seconds.to_utc(), Some(time));
    for odd in [f64::NAN, f64::INFINITY, 1e300] {
        assert_eq!(EpochSeconds::new(odd).to_utc(), None);
    }
}

#[test]
fn every_kind_of_error_has_a_code() {
    for (kind, status) in [
        (ErrorKind::Invalid, 400),
        (ErrorKind::Unauthenticated, 401),
        (ErrorKind::Forbidden, 403),
        (ErrorKind::NotFound, 404),
        (ErrorKind::Conflict, 409),
        (ErrorKind::Unprocessable, 400),
        (ErrorKind::Internal, 500),
        (ErrorKind::Unavailable, 503),
    ] {
        let code = RspCode::of_kind(kind);
        assert_eq!(code.http_status(), status);
        assert_eq!(RspCode::from_number(code.number()), code);
    }
    assert_eq!(RspCode::from_number(8), RspCode::Other(8));
}

proptest! {
    #[test]
    fn no_bytes_make_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ProjectCreate::parse(&bytes);
        let _ = ProjectUpdate::parse(&bytes);
        let _ = TaskPair::parse(&bytes);
        let _ = InstanceCreate::parse(&bytes);
        let _ = InstanceUpdate::parse(&bytes);
    }

    #[test]
    fn any_members_are_read_or_a_400(status in any::<Option<f64>>(), id in ".{0,70}", root in any::<Option<bool>>()) {
        let body = json!({"status": status, "task_peer_id": id, "peer_id": id, "peer_url": id, "token": id,
            "version": id, "task_root": root}).to_string();
        for error in [InstanceUpdate::parse(body.as_bytes()).err(), InstanceCreate::parse(body.as_bytes()).err(),
            ProjectCreate::parse(body.as_bytes()).err(), TaskPair::parse(body.as_bytes()).err()].into_iter().flatten()
        {
            prop_assert_eq!(error.status, 400);
        }
    }
}
