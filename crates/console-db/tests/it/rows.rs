//! Rows with something in every column that matters, and ids that can be read.

use console_db::{Db, entity, instances, naive};
use console_model::{InstanceStatus, LinkStatus, PartnerTrust, Role, TaskType, TaskVersion};
use serde_json::json;

use crate::support::moment;

/// A typed id from a text.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn partner(id: &str, at: i64) -> entity::partner::Model {
    entity::partner::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(at)),
        gmt_modified: naive(moment(at)),
        name: format!("Partner {id} 😀"),
        address: format!("https://{id}.example"),
        public_key: Some(format!("key of {id}")),
        fingerprint: Some(format!("fingerprint of {id}")),
        protocol_level: Some(3),
        capabilities: Some(json!(["signed", "channel"])),
        trust: PartnerTrust::Paired,
        fingerprint_confirmed_at: None,
        last_seen_at: None,
        last_error: None,
        last_error_code: None,
        clock_offset_ms: Some(-1_500),
        comment: None,
        generation: 1,
        invitation_id: None,
        announced_address: None,
        announced_at: None,
    }
}

pub(crate) fn project(id: &str, partner: &str, at: i64) -> entity::project::Model {
    entity::project::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(at)),
        gmt_modified: naive(moment(at)),
        owner_id: "u1".to_owned(),
        name: Some(format!("Project {id}")),
        comment: None,
        config: Some(json!({"deep": [1, null, {"ä": "😀"}]})),
        status: LinkStatus::Ready,
        peer_url: format!("https://{partner}.example"),
        peer_id: Some(format!("peer-{id}")),
        peer_config: None,
        partner_id: Some(partner.parse().unwrap()),
        generation: 1,
        peer_config_at: None,
        archived_at: None,
    }
}

/// A version of the task `name`; the first is its root, and has the token.
pub(crate) fn task(id: &str, project: &str, name: &str, at: i64, root: bool) -> entity::task_intra::Model {
    entity::task_intra::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(at)),
        gmt_modified: naive(moment(at)),
        project_id: project.parse().unwrap(),
        name: name.to_owned(),
        version: TaskVersion::at(moment(at)).as_str().to_owned(),
        version_number: 1,
        owner_id: "u1".to_owned(),
        r#type: TaskType::Train,
        token: root.then(|| format!("Token {name}")),
        task_root: root,
        comment: None,
        config: Some(json!({"epochs": 3})),
        meta: None,
        generation: 1,
        engine: Some("local".to_owned()),
        token_folded: root.then(|| console_model::fold(&format!("Token {name}"))),
        archived_at: None,
    }
}

pub(crate) fn pairing(id: &str, task: &str) -> entity::task_inter::Model {
    entity::task_inter::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(0)),
        gmt_modified: naive(moment(0)),
        task_intra_id: task.parse().unwrap(),
        task_peer_id: Some(format!("peer-{id}")),
        status: LinkStatus::Ready,
        comment: None,
        generation: 1,
        peer_meta: Some(json!({"columns": ["a", "b"]})),
        peer_meta_at: None,
        error: None,
        initiated_here: false,
        error_code: Some("settings_differ".to_owned()),
        peer_settings: Some(json!({"epochs": 20})),
    }
}

pub(crate) fn resource(id: &str, task: &str, uri: &str) -> entity::resource::Model {
    entity::resource::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(0)),
        gmt_modified: naive(moment(0)),
        owner_id: "u1".to_owned(),
        task_intra_id: task.parse().unwrap(),
        name: Some(String::new()),
        uri: Some(uri.to_owned()),
        uri_tail: uri.rsplit('/').next().map(str::to_owned),
        comment: None,
        config: Some(json!({})),
    }
}

pub(crate) fn user(id: &str, name: &str, role: Role, at: i64) -> entity::user::Model {
    entity::user::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(at)),
        gmt_modified: naive(moment(at)),
        gmt_login: None,
        name: name.to_owned(),
        password: "hash".to_owned(),
        role,
        token: None,
        token_valid: Some(false),
        comment: None,
        info: Some(json!({"mail": "a@b.example"})),
        disabled_at: None,
        generation: 1,
    }
}

pub(crate) fn session(id: &str, user: &str, ends: i64) -> entity::session::Model {
    entity::session::Model {
        id: id.to_owned(),
        user_id: user.parse().unwrap(),
        gmt_create: naive(moment(0)),
        expires_at: naive(moment(ends)),
        last_used_at: naive(moment(0)),
        address: Some("2001:db8::1".to_owned()),
    }
}

pub(crate) fn invitation(id: &str, at: i64, ends: i64) -> entity::invitation::Model {
    entity::invitation::Model {
        id: id.parse().unwrap(),
        gmt_create: naive(moment(at)),
        created_by: "u1".to_owned(),
        secret_hash: "hash".to_owned(),
        expires_at: naive(moment(ends)),
        used_at: None,
        partner_id: None,
        revoked_at: None,
        comment: Some("for them".to_owned()),
    }
}

/// An instance of task `t1` in project `p1` with partner `a`.
pub(crate) fn instance(name: &str, status: InstanceStatus, at: i64) -> instances::NewInstance {
    instances::NewInstance {
        id: id(name),
        task_id: id("t1"),
        task_root_id: Some(id("t1")),
        pairing_id: id("r1"),
        task_peer_id: "peer-r1".to_owned(),
        instance_peer_id: None,
        project_id: id("p1"),
        partner_id: Some(id("a")),
        status,
        attempt: 1,
        initiator: true,
        engine: Some("local".to_owned()),
        comment: None,
        actor_kind: "operator",
        actor: Some("u1".to_owned()),
        request_id: Some("q1".to_owned()),
        at: moment(at),
    }
}

/// A change of status by an operator, a minute in.
pub(crate) fn change(from: InstanceStatus, to: InstanceStatus) -> instances::StateChange {
    instances::StateChange {
        from: Some(from),
        to,
        attempt: 1,
        stop_cause: None,
        reason: None,
        error: None,
        actor_kind: "operator",
        actor: Some("u1".to_owned()),
        request_id: None,
        at: moment(60),
    }
}

/// Partner `a`, project `p1`, task `t1` and pairing `r1`.
pub(crate) async fn cooperation(db: &Db) {
    console_db::partners::insert(db, partner("a", 0)).await.unwrap();
    console_db::projects::insert(db, project("p1", "a", 0))
        .await
        .unwrap();
    console_db::tasks::insert(db, task("t1", "p1", "join", 0, true))
        .await
        .unwrap();
    console_db::pairings::insert(db, pairing("r1", "t1"))
        .await
        .unwrap();
}
