//! The client against servers that behave and misbehave.

use std::time::Duration;

use bytes::Bytes;
use console_model::{InstanceId, InstanceStatus, InvitationId, ProjectId};
use console_peer::address::{AddressPolicy, PartnerAddress};
use console_peer::base::RspCode;
use console_peer::client::{CallOptions, Doubt, Hop, Partner, PeerError, Speaks};
use console_peer::ext::{InstanceReport, MAX_CHANNEL_MESSAGE, PairingRequest, UnpairRequest};
use serde_json::json;

use crate::golden;
use crate::server::{Behaviour, Server, client, client_with, our_key, partner_key};

async fn check(behaviour: Behaviour) -> Result<ProjectId, PeerError> {
    let server = Server::always(behaviour).await;
    let options = CallOptions::default();
    let answer = client()
        .project_check(&server.base(), &options, &ProjectId::generate())
        .await;
    answer.map(|answer| answer.project_id)
}

fn doubt(outcome: Result<ProjectId, PeerError>) -> Doubt {
    match outcome {
        Err(error @ PeerError::Unknown { doubt, .. }) => {
            assert!(error.is_retryable() && error.may_have_been_done());
            doubt
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_unknown() {
    assert_eq!(doubt(check(Behaviour::Drop).await), Doubt::Dropped);
    assert_eq!(doubt(check(Behaviour::CutOff).await), Doubt::Dropped);
    assert_eq!(doubt(check(Behaviour::html(500)).await), Doubt::ServerError);
    assert_eq!(doubt(check(Behaviour::html(502)).await), Doubt::ServerError);
    assert_eq!(doubt(check(Behaviour::html(200)).await), Doubt::Unreadable);
    assert_eq!(
        doubt(check(Behaviour::error(200, 7, "db connection failed")).await),
        Doubt::Busy
    );
    assert_eq!(
        doubt(check(Behaviour::error(503, 14, "later")).await),
        Doubt::Busy
    );
    assert_eq!(doubt(check(Behaviour::html(429)).await), Doubt::Busy);
}

#[tokio::test]
async fn a_partner_that_never_answers_times_out() {
    let server = Server::always(Behaviour::Hang).await;
    let options = CallOptions {
        timeout: Some(Duration::from_millis(200)),
        ..CallOptions::default()
    };
    let answer = client()
        .project_check(&server.base(), &options, &ProjectId::generate())
        .await;
    assert_eq!(doubt(answer.map(|answer| answer.project_id)), Doubt::TimedOut);
    assert_eq!(server.seen().len(), 1, "a call is made once");
}

#[tokio::test]
async fn a_definite_no_is_refused() {
    for (status, code) in [(404, 5), (409, 6), (403, 7), (400, 3), (500, 13), (200, 5)] {
        let error = check(Behaviour::error(status, code, "no")).await.unwrap_err();
        let expected = PeerError::Refused {
            status,
            code: RspCode::from_number(code),
            message: "no".to_owned(),
            refusal: None,
        };
        assert_eq!(error, expected);
        assert!(!error.is_retryable());
    }
    let error = check(Behaviour::error(401, 16, "clock")).await.unwrap_err();
    assert!(error.is_retryable(), "the next signature may pass");
}

#[tokio::test]
async fn an_answer_without_sense_leaves_open_what_was_done() {
    for body in [
        json!({"http_code": 200, "rsp_code": 0, "message": null}),
        json!({"data": {}, "http_code": 200, "rsp_code": 0}),
        json!({"data": {"project_id": 5}, "rsp_code": 0}),
    ] {
        let error = check(Behaviour::json(200, &body)).await.unwrap_err();
        assert_eq!(doubt(Err(error)), Doubt::Unreadable);
    }
    let inner = json!({"data": {"project_id": "x"}, "http_code": 500, "rsp_code": 0, "message": "no"});
    let error = check(Behaviour::json(200, &inner)).await.unwrap_err();
    assert!(
        matches!(error, PeerError::Refused { .. }),
        "http_code counts: {error:?}"
    );
    let newer = json!({"data": {"project_id": "x", "new": 1}, "rsp_code": 0, "new": 2});
    assert_eq!(
        check(Behaviour::json(200, &newer)).await,
        Ok(ProjectId::parse("x").unwrap())
    );
}

#[tokio::test]
async fn an_answer_has_a_limit() {
    let large = json!({"data": {"project_id": "x", "pad": "y".repeat(5000)}, "rsp_code": 0});
    let server = Server::always(Behaviour::json(200, &large)).await;
    let client = client_with(|config| config.max_answer_bytes = 4096);
    let answer = client
        .project_check(&server.base(), &CallOptions::default(), &ProjectId::generate())
        .await;
    assert!(matches!(answer, Err(PeerError::Protocol(_))), "{answer:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = Server::always(Behaviour::data(&json!({"project_id": "x"}))).await;
    let location = format!("Location: http://{}/elsewhere\r\n", target.at);
    for status in [301, 302, 307] {
        let error = check(Behaviour::Answer(status, location.clone(), Vec::new()))
            .await
            .unwrap_err();
        assert!(
            matches!(error, PeerError::Unreachable { hop: Hop::Http, .. }),
            "{error:?}"
        );
    }
    assert!(target.seen().is_empty());
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let options = CallOptions::default();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let to = |text: &str| Partner {
        address: PartnerAddress::parse(text).unwrap(),
        speaks: Speaks::Base,
    };
    for (address, expected) in [
        (format!("http://127.0.0.1:{port}"), Hop::Tcp),
        ("http://no-such-host.invalid".to_owned(), Hop::Dns),
    ] {
        let error = client()
            .project_check(&to(&address), &options, &ProjectId::generate())
            .await
            .unwrap_err();
        assert!(
            matches!(&error, PeerError::Unreachable { hop, .. } if *hop == expected),
            "{error:?}"
        );
        assert!(error.is_retryable() && !error.may_have_been_done());
    }
}

#[tokio::test]
async fn a_forbidden_address_gets_no_connection() {
    let server = Server::always(Behaviour::data(&json!({"project_id": "x"}))).await;
    let strict = client_with(|config| config.policy = AddressPolicy::default());
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        let address = PartnerAddress::parse(&format!("http://{host}:{}", server.at.port())).unwrap();
        let partner = Partner {
            address,
            speaks: Speaks::Base,
        };
        let answer = strict
            .project_check(&partner, &CallOptions::default(), &ProjectId::generate())
            .await;
        assert!(
            matches!(answer, Err(PeerError::NotAllowed(_))),
            "{host}: {answer:?}"
        );
    }
    assert!(server.seen().is_empty());
    let address = PartnerAddress::parse(&format!("http://localhost:{}", server.at.port())).unwrap();
    let partner = Partner {
        address,
        speaks: Speaks::Base,
    };
    client()
        .project_check(&partner, &CallOptions::default(), &ProjectId::generate())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_base_console_does_not_speak_extensions() {
    let server = Server::always(Behaviour::html(404)).await;
    let (client, options) = (client(), CallOptions::default());
    assert_eq!(
        client.hello(&server.base(), &options).await,
        Err(PeerError::NotSpoken)
    );
    let unpair = UnpairRequest {
        reason: String::new(),
    };
    assert_eq!(
        client.unpair(&server.base(), &options, &unpair).await,
        Err(PeerError::NotSpoken)
    );
    assert_eq!(server.seen().len(), 1, "only the announcement is asked for");
    let paired = server.paired(partner_key().fingerprint());
    assert_eq!(
        client.unpair(&paired, &options, &unpair).await,
        Err(PeerError::NotSpoken)
    );
    // Of ours, a 404 about an object is an answer.
    let server = Server::always(Behaviour::error(404, 5, "no such instance")).await;
    let report = InstanceReport {
        seq: 1,
        attempt: 1,
        status: InstanceStatus::Failed.into(),
        detail: None,
        detail_zh: None,
        failure: None,
    };
    let paired = server.paired(partner_key().fingerprint());
    let answer = client
        .instance_status(&paired, &options, &InstanceId::generate(), &report)
        .await;
    assert_eq!(answer.unwrap_err().refusal(), Some(RspCode::NotFound));
}

#[tokio::test]
async fn an_impostor_is_noticed() {
    let server = Server::start(|seen| {
        Behaviour::data(&golden::read(if seen.target == "/peer/hello" {
            "hello.json"
        } else {
            "pairing-answer.json"
        }))
    })
    .await;
    let mut request: PairingRequest = serde_json::from_value(golden::read("pairing-request.json")).unwrap();
    request.invitation_id = InvitationId::generate();
    let options = CallOptions::default();
    let wrong = server.paired(our_key().fingerprint());
    let answer = client().pair(&wrong, &options, &request).await;
    assert!(matches!(answer, Err(PeerError::Protocol(_))), "{answer:?}");
    let right = server.paired(partner_key().fingerprint());
    assert!(client().pair(&right, &options, &request).await.is_ok());
}

#[tokio::test]
async fn a_channel_message_has_a_limit() {
    let server = Server::always(Behaviour::data(&golden::read("channel-answer.json"))).await;
    let partner = server.paired(partner_key().fingerprint());
    let (client, options, id) = (client(), CallOptions::default(), InstanceId::generate());
    let fits = Bytes::from(vec![7; MAX_CHANNEL_MESSAGE]);
    client
        .channel_send(&partner, &options, &id, (1, 1), fits)
        .await
        .unwrap();
    let too_long = Bytes::from(vec![7; MAX_CHANNEL_MESSAGE + 1]);
    let answer = client
        .channel_send(&partner, &options, &id, (1, 2), too_long)
        .await;
    assert!(matches!(answer, Err(PeerError::Protocol(_))));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn partners_are_called_through_a_proxy_but_for_the_hosts_that_are_left_out() {
    let proxy = Server::always(Behaviour::json(
        200,
        &json!({"data": {"project_id": "by-proxy"}, "rsp_code": 0}),
    ))
    .await;
    let direct = Server::always(Behaviour::json(
        200,
        &json!({"data": {"project_id": "direct"}, "rsp_code": 0}),
    ))
    .await;
    let client = client_with(|config| {
        config.proxy = Some(format!("http://{}", proxy.at));
        config.no_proxy = "127.0.0.1".to_owned();
    });
    let ask = async |address: &str| {
        let partner = Partner {
            address: PartnerAddress::parse(address).unwrap(),
            speaks: Speaks::Base,
        };
        let id = ProjectId::parse("p").unwrap();
        let answer = client.project_check(&partner, &CallOptions::default(), &id).await;
        answer.map(|answer| answer.project_id.to_string())
    };
    assert_eq!(ask("http://partner.invalid").await.unwrap(), "by-proxy");
    assert_eq!(ask(&format!("http://{}", direct.at)).await.unwrap(), "direct");
}
