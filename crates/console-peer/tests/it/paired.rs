//! What goes over the wire to a paired partner, and what a base partner never sees.

use bytes::Bytes;
use chrono::Utc;
use console_model::{InstanceId, InstanceStatus, MessageId, PairingId, ProjectId, TaskVersion};
use console_peer::base::{
    ConfigText, InstanceCreate, InstanceUpdate, ProjectCreate, ProjectUpdate, StatusCommand, TaskPair,
};
use console_peer::client::CallOptions;
use console_peer::ext::{InstanceReport, PairingRequest, UnpairRequest};
use console_peer::refusal::SharedSettings;
use console_peer::signing::{Claim, ContentDigest, DEFAULT_WINDOW, Head, Rules};
use serde_json::json;

use crate::golden;
use crate::server::{Behaviour, Seen, Server, client, our_key, partner_key};

fn assert_signed(seen: &Seen, command_id: Option<&MessageId>) {
    let claim = Claim::read(|name| seen.all(name)).unwrap();
    let (path, query) = seen
        .target
        .split_once('?')
        .map_or((seen.target.as_str(), None), |(p, q)| (p, Some(q)));
    let head = Head {
        method: &seen.method,
        path,
        query,
    };
    let rules = Rules {
        audience: partner_key().fingerprint(),
        now: Utc::now(),
        window: DEFAULT_WINDOW,
    };
    let verified = claim.verify_head(&head, &our_key().public_key(), &rules).unwrap();
    claim.verify_body(&ContentDigest::of(&seen.body)).unwrap();
    assert_eq!(verified.command_id.as_deref(), command_id.map(MessageId::as_str));
}

#[tokio::test]
async fn every_call_to_a_paired_partner_is_signed_and_carries_the_extensions() {
    let server = Server::start(|seen| {
        let data = match seen.target.as_str() {
            "/peer/channel/i%25/2/7" => golden::read("channel-answer.json"),
            "/peer/instances/i%25/status" => golden::read("instance-report-answer.json"),
            "/peer/unpair" => json!({}),
            "/peer/pairing" => golden::read("pairing-answer.json"),
            "/peer/hello" => golden::read("hello.json"),
            "/task/peer/t" => golden::read("task-pair-answer-extended.json"),
            "/project/peer/p" => json!({"project_id": "x"}),
            target if target.starts_with("/task_instance/") => json!({"task_instance_id": "x", "status": 3}),
            target => panic!("{target}"),
        };
        Behaviour::data(&data)
    })
    .await;
    let (client, partner) = (client(), server.paired(partner_key().fingerprint()));
    let command = MessageId::generate();
    let options = CallOptions::command(command.clone(), Some("request-1".to_owned()));
    let instance = InstanceId::parse("i%").unwrap();

    let update = ProjectUpdate {
        peer_config: ConfigText::Null,
        replace: Some(true),
        archived: None,
    };
    client
        .project_update(&partner, &options, &ProjectId::parse("p").unwrap(), &update)
        .await
        .unwrap();
    let pair = TaskPair::parse(golden::read("task-pair-extended.json").to_string().as_bytes()).unwrap();
    let answer = client
        .task_pair(&partner, &options, &PairingId::parse("t").unwrap(), &pair)
        .await
        .unwrap();
    assert!(answer.task_type.is_some());
    let create = InstanceCreate {
        task_peer_id: PairingId::generate(),
        attempt: Some(1),
        shared_settings: SharedSettings::read(json!({"epochs": 1})),
    };
    client
        .instance_create(&partner, &options, &instance, &create)
        .await
        .unwrap();
    let stop = InstanceUpdate {
        status: StatusCommand::Stop,
        attempt: Some(1),
    };
    client
        .instance_update(&partner, &options, &instance, &stop)
        .await
        .unwrap();
    let report = InstanceReport {
        seq: 1,
        attempt: 2,
        status: InstanceStatus::Running.into(),
        detail: None,
        detail_zh: None,
        failure: None,
    };
    client
        .instance_status(&partner, &options, &instance, &report)
        .await
        .unwrap();
    let sent = Bytes::from_static(b"\x00\xffbytes");
    client
        .channel_send(&partner, &options, &instance, (2, 7), sent.clone())
        .await
        .unwrap();
    client
        .unpair(
            &partner,
            &options,
            &UnpairRequest {
                reason: String::new(),
            },
        )
        .await
        .unwrap();
    let request: PairingRequest = serde_json::from_value(golden::read("pairing-request.json")).unwrap();
    client.pair(&partner, &options, &request).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen.len(), 8);
    for request in &seen {
        assert_signed(request, Some(&command));
        assert_eq!(request.header("x-request-id").as_deref(), Some("request-1"));
    }
    assert_eq!(seen[0].json(), json!({"peer_config": null, "replace": true}));
    assert_eq!(seen[1].json(), golden::read("task-pair-extended.json"));
    assert_eq!(seen[3].json(), json!({"status": 5, "attempt": 1}));
    assert_eq!(seen[5].body, sent);

    client.hello(&partner, &CallOptions::default()).await.unwrap();
    assert_signed(&server.seen()[8], None);
}

#[tokio::test]
async fn nonces_differ_from_call_to_call() {
    let server = Server::always(Behaviour::data(&json!({"project_id": "x"}))).await;
    let partner = server.paired(partner_key().fingerprint());
    for _ in 0..3 {
        client()
            .project_check(&partner, &CallOptions::default(), &ProjectId::generate())
            .await
            .unwrap();
    }
    let mut inputs: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("signature"))
        .collect();
    inputs.sort();
    inputs.dedup();
    assert_eq!(inputs.len(), 3);
}

#[tokio::test]
async fn a_base_partner_sees_nothing_new() {
    let data = json!({"project_id": "x", "task_inter_id": "x", "task_instance_id": "x", "status": 3});
    let server = Server::always(Behaviour::data(&data)).await;
    let (client, partner) = (client(), server.base());
    let options = CallOptions::command(MessageId::generate(), None);
    let create = ProjectCreate {
        peer_id: ProjectId::generate(),
        peer_url: "http://us.example".to_owned(),
        peer_config: ConfigText::Null,
    };
    client.project_create(&partner, &options, &create).await.unwrap();
    let update = ProjectUpdate {
        peer_config: ConfigText::Null,
        replace: Some(true),
        archived: Some(true),
    };
    client
        .project_update(&partner, &options, &ProjectId::generate(), &update)
        .await
        .unwrap();
    let pair = TaskPair {
        token: "t".to_owned(),
        version: TaskVersion::at(Utc::now()),
        task_root: true,
        version_number: Some(1),
        project_peer_id: Some(ProjectId::generate()),
        task_type: None,
        meta: Some(json!({})),
        shared_settings: SharedSettings::read(json!({"epochs": 1})),
    };
    client
        .task_pair(&partner, &options, &PairingId::generate(), &pair)
        .await
        .unwrap();
    let run = InstanceCreate {
        task_peer_id: PairingId::generate(),
        attempt: Some(1),
        shared_settings: SharedSettings::read(json!({"epochs": 1})),
    };
    client
        .instance_create(&partner, &options, &InstanceId::generate(), &run)
        .await
        .unwrap();
    let stop = InstanceUpdate {
        status: StatusCommand::Stop,
        attempt: Some(1),
    };
    client
        .instance_update(&partner, &options, &InstanceId::generate(), &stop)
        .await
        .unwrap();

    let members = |seen: &Seen| -> Vec<String> { seen.json().as_object().unwrap().keys().cloned().collect() };
    let seen = server.seen();
    assert_eq!(members(&seen[0]), ["peer_config", "peer_id", "peer_url"]);
    assert_eq!(members(&seen[1]), ["peer_config"]);
    assert_eq!(members(&seen[2]), ["task_root", "token", "version"]);
    assert_eq!(members(&seen[3]), ["task_peer_id"]);
    assert_eq!(members(&seen[4]), ["status"]);
    for request in &seen {
        assert_eq!(
            request.header("content-type").as_deref(),
            Some("application/json")
        );
        for name in ["signature", "content-digest", "efls-audience", "efls-command-id"] {
            assert!(request.header(name).is_none(), "{name}");
        }
    }
}
