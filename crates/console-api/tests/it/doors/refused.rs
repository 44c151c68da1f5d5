//! Nobody whose role is too low: every operation of the description.

use console_model::Role;
use reqwest::Method;

use super::client::{Client, read};
use super::fixture::Fixture;
use super::operations;

/// What everybody may do who is signed in, whatever his role. May only shrink.
const OWN_SESSION: &[&str] = &["GET /session", "DELETE /session"];

/// What reads, though it is a POST: it asks the partner or the engine, and changes nothing. May only shrink.
const READS: &[&str] = &[
    "POST /partners/{id}/check",
    "POST /projects/{id}/check",
    "POST /tasks/{id}/validate",
];

/// What only administrators may read.
const ADMINS_READ: &[&str] = &["GET /invitations", "GET /system/refused-calls"];

#[actix_web::test]
async fn a_role_that_is_too_low_is_refused() {
    let fixture = Fixture::new().await;
    // A role that only an adopted database can hold may nothing, and without permissions one may only read.
    let unknown = Client::new(&fixture.host, "unknown", Role::Unknown(9)).await;
    let reader = Client::new(&fixture.host, "reader", Role::Default).await;
    let before = fixture.host.counts().await;
    for operation in operations::all() {
        let name = operation.name();
        if operation.public || OWN_SESSION.contains(&name.as_str()) {
            continue;
        }
        let path = fixture.path(&operation.path);
        let reads = (operation.method == Method::GET && !ADMINS_READ.contains(&name.as_str()))
            || READS.contains(&name.as_str());
        let refused = read(operation.request(&unknown, &path)).await;
        refused.assert_problem(&name);
        assert_eq!(refused.code(), (403, "forbidden"), "{name}: {}", refused.body);
        let reply = read(operation.request(&reader, &path)).await;
        if reads {
            assert!(
                !matches!(reply.status, 401 | 403 | 500..),
                "{name}: {} {}",
                reply.status,
                reply.body
            );
        } else {
            reply.assert_problem(&name);
            assert_eq!(reply.code(), (403, "forbidden"), "{name}: {}", reply.body);
        }
    }
    assert_eq!(fixture.host.counts().await, before);
    assert_eq!(fixture.root.get("/objects/data.csv").await.bytes, b"id,x\n1,2\n");
    fixture.stop().await;
}
