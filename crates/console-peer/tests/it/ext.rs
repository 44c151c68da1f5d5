//! One golden file per message of the extensions.

use chrono::{DateTime, Utc};
use console_model::{InstanceId, InstanceStatus, InvitationId, PairingId, ProjectId, TaskType, TaskVersion};
use console_peer::Word;
use console_peer::address::PartnerAddress;
use console_peer::base::{
    BaseError, ConfigText, Envelope, InstanceCreate, InstanceCreateAnswer, InstanceUpdate, ProjectUpdate,
    RspCode, StatusCommand, TaskPair, TaskPairAnswer,
};
use console_peer::ext::{
    self, Capability, ChannelAnswer, FailureReport, Hello, InstanceReport, InstanceReportAnswer,
    PROTOCOL_LEVEL, PairingAnswer, PairingRequest, PieceAnswer, UnpairAnswer, UnpairRequest,
};
use console_peer::refusal::{Reason, Refusal, SharedSettings};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::golden;
use crate::server::{our_key, partner_key};

/// The value is the golden one, and the golden one with members of a newer version is read as the value.
fn pinned<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    golden::assert_same(name, &serde_json::to_value(value).unwrap());
    let mut newer = golden::read(name);
    newer["from_a_newer_version"] = json!({"anything": [1, 2, 3]});
    let read: T = ext::parse(newer.to_string().as_bytes()).unwrap();
    assert_eq!(&read, value, "{name}");
}

fn time() -> DateTime<Utc> {
    "2026-11-24T01:02:03.456Z".parse().unwrap()
}

#[test]
fn announcement_and_pairing() {
    let (ours, theirs) = (our_key(), partner_key());
    pinned(
        "hello.json",
        &Hello {
            name: "Bank 乙".to_owned(),
            protocol_level: PROTOCOL_LEVEL,
            capabilities: Capability::announced(),
            public_key: ours.public_key(),
            fingerprint: ours.fingerprint(),
            server_time: time(),
        },
    );
    pinned(
        "pairing-request.json",
        &PairingRequest {
            invitation_id: InvitationId::parse("11111111111111111111111111111111").unwrap(),
            proof: "0".repeat(64),
            name: "Bank 乙".to_owned(),
            address: PartnerAddress::parse("http://10.1.2.3:5000").unwrap(),
            public_key: ours.public_key(),
        },
    );
    pinned(
        "pairing-answer.json",
        &PairingAnswer {
            name: "Hospital".to_owned(),
            public_key: theirs.public_key(),
            fingerprint: theirs.fingerprint(),
            protocol_level: PROTOCOL_LEVEL,
            capabilities: Capability::announced(),
        },
    );
    pinned(
        "unpair-request.json",
        &UnpairRequest {
            reason: "the project ended".to_owned(),
        },
    );
    pinned("unpair-answer.json", &UnpairAnswer {});
}

#[test]
fn reports_and_channel() {
    pinned(
        "instance-report.json",
        &InstanceReport {
            seq: 3,
            attempt: 1,
            status: InstanceStatus::Failed.into(),
            detail: Some("the input lacks a column".to_owned()),
            detail_zh: Some("输入表缺少一列".to_owned()),
            failure: Some(FailureReport {
                retryable: false,
                code: Some("column_missing".to_owned()),
            }),
        },
    );
    for unreadable in [json!({"retryable": "perhaps"}), json!(3), json!(null)] {
        let mut report = golden::read("instance-report.json");
        report["failure"] = unreadable;
        let read: InstanceReport = ext::parse(report.to_string().as_bytes()).unwrap();
        assert_eq!((read.seq, read.failure), (3, None));
    }
    pinned("instance-report-answer.json", &InstanceReportAnswer { seq: 3 });
    pinned(
        "channel-answer.json",
        &ChannelAnswer {
            next_seq: 8,
            accepted: true,
        },
    );
    pinned(
        "piece-answer.json",
        &PieceAnswer {
            next_seq: 7,
            next_byte: 65_536,
            accepted: true,
        },
    );
    let envelope = Envelope::ok(ChannelAnswer {
        next_seq: 8,
        accepted: true,
    });
    golden::assert_same(
        "channel-answer-envelope.json",
        &serde_json::to_value(envelope).unwrap(),
    );
}

#[test]
fn extra_members_on_base_calls() {
    let pair = TaskPair {
        token: "tok-sample".to_owned(),
        version: TaskVersion::parse("20261123231126").unwrap(),
        task_root: true,
        version_number: Some(1),
        project_peer_id: Some(ProjectId::parse("42e3a8d972f548b2843354a2910e7a39").unwrap()),
        task_type: Some(TaskType::Sample.into()),
        meta: Some(json!({"id_column": "id"})),
        shared_settings: SharedSettings::read(json!({"id_columns": 1, "result": "only_me"})),
    };
    golden::assert_same("task-pair-extended.json", &serde_json::to_value(&pair).unwrap());
    let text = golden::read("task-pair-extended.json").to_string();
    assert_eq!(TaskPair::parse(text.as_bytes()), Ok(pair));

    pinned(
        "task-pair-answer-extended.json",
        &TaskPairAnswer {
            task_inter_id: PairingId::parse("57f9b235884f4e598e33dbffdd1b7558").unwrap(),
            task_meta: Some(json!({"id_column": "id"})),
            task_type: Some(TaskType::Train.into()),
            shared_settings: SharedSettings::read(json!({"epochs": 20, "label": true})),
        },
    );

    let differs = BaseError::new(RspCode::FailedPrecondition, "settings differ").with_refusal(Refusal {
        reason: Reason::SettingsDiffer.into(),
        shared_settings: SharedSettings::read(json!({"epochs": 30})),
    });
    let body = serde_json::to_value(differs.body()).unwrap();
    golden::assert_same("task-pair-refusal-extended.json", &body);
    let told_to_base = serde_json::to_value(differs.without_extensions().body().clone()).unwrap();
    assert_eq!(told_to_base, json!({"message": "settings differ", "rsp_code": 9}));

    pinned(
        "instance-create-answer-extended.json",
        &InstanceCreateAnswer {
            task_instance_id: InstanceId::parse("0b1d8c8ed36c45c29cf0d3a21a18bf0b").unwrap(),
            awaiting_consent: true,
        },
    );

    let create = InstanceCreate {
        task_peer_id: PairingId::parse("57f9b235884f4e598e33dbffdd1b7558").unwrap(),
        attempt: Some(1),
        shared_settings: SharedSettings::read(json!({"epochs": 20})),
    };
    golden::assert_same(
        "instance-create-extended.json",
        &serde_json::to_value(&create).unwrap(),
    );
    let text = golden::read("instance-create-extended.json").to_string();
    assert_eq!(InstanceCreate::parse(text.as_bytes()), Ok(create));

    let update = InstanceUpdate {
        status: StatusCommand::Stop,
        attempt: Some(2),
    };
    golden::assert_same(
        "instance-update-extended.json",
        &serde_json::to_value(&update).unwrap(),
    );
    let text = golden::read("instance-update-extended.json").to_string();
    assert_eq!(InstanceUpdate::parse(text.as_bytes()), Ok(update));

    let Value::Object(config) = json!({"k": 1}) else {
        unreachable!()
    };
    let update = ProjectUpdate {
        peer_config: ConfigText::Object(config),
        replace: Some(true),
        archived: Some(false),
    };
    golden::assert_same(
        "project-update-extended.json",
        &serde_json::to_value(&update).unwrap(),
    );
    let text = golden::read("project-update-extended.json").to_string();
    assert_eq!(ProjectUpdate::parse(text.as_bytes()), Ok(update));
}

#[test]
fn unknown_words_survive() {
    let mut hello = golden::read("hello.json");
    hello["capabilities"] = json!(["channel", "teleport"]);
    let read: Hello = ext::parse(hello.to_string().as_bytes()).unwrap();
    assert_eq!(
        read.capabilities,
        [
            Word::Known(Capability::Channel),
            Word::Other("teleport".to_owned())
        ]
    );
    assert_eq!(serde_json::to_value(&read).unwrap(), hello);

    let mut report = golden::read("instance-report.json");
    report["status"] = json!("awaiting_moonrise");
    let read: InstanceReport = ext::parse(report.to_string().as_bytes()).unwrap();
    assert_eq!(read.status.known(), None);
    assert_eq!(serde_json::to_value(&read).unwrap(), report);
}

#[test]
fn wrong_messages_are_refused() {
    let with = |name: &str, member: &str, value: Value| {
        let mut message = golden::read(name);
        message[member] = value;
        message.to_string()
    };
    let refused =
        |error: Option<console_peer::base::BaseError>| error.is_some_and(|error| error.status == 400);
    for (member, value) in [
        ("public_key", json!("AAAA")),
        ("address", json!("ftp://h")),
        ("name", json!("x".repeat(257))),
        ("invitation_id", json!("")),
    ] {
        let body = with("pairing-request.json", member, value);
        assert!(
            refused(ext::parse::<PairingRequest>(body.as_bytes()).err()),
            "{body}"
        );
    }
    for (member, value) in [
        ("seq", json!(u64::MAX)),
        ("seq", json!(-1)),
        ("attempt", json!(u32::MAX)),
        ("status", json!(3)),
        ("detail", json!("x".repeat(1025))),
    ] {
        let body = with("instance-report.json", member, value);
        assert!(
            refused(ext::parse::<InstanceReport>(body.as_bytes()).err()),
            "{body}"
        );
    }
    assert!(refused(ext::parse::<UnpairRequest>(b"").err()));
}
