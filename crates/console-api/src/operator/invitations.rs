//! `/invitations`

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::partners::invitations as cases;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Signed, SignedQuery};
use crate::error::ApiError;
use crate::extract::{Body, NoBody, Query, id, path};
use crate::idempotency::{IdempotencyKey, Made, once, once_made};
use crate::operator::partners::Partner;
use crate::page::{Listing, PageQuery};
use crate::words::InvitationState;

/// An invitation that was made here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    id: String,
    #[schema(value_type = InvitationState)]
    state: &'static str,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    /// Who used it.
    partner_id: Option<String>,
    comment: Option<String>,
}

impl From<cases::Invitation> for Invitation {
    fn from(invitation: cases::Invitation) -> Self {
        let cases::Invitation {
            id,
            state,
            created_by,
            created_at,
            expires_at,
            used_at,
            partner_id,
            comment,
        } = invitation;
        Self {
            id: id.into(),
            state: state.word(),
            created_by: created_by.into(),
            created_at,
            expires_at,
            used_at,
            partner_id: partner_id.map(Into::into),
            comment,
        }
    }
}

/// A fresh invitation with its code, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invited {
    invitation: Invitation,
    /// For the other side's administrator. Whoever holds it may pair.
    code: String,
}

impl From<cases::Invited> for Invited {
    fn from(invited: cases::Invited) -> Self {
        let cases::Invited { invitation, code } = invited;
        Self {
            invitation: invitation.into(),
            code,
        }
    }
}

/// What is needed for an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    comment: Option<String>,
}

/// A code to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    code: String,
}

/// What a code says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    name: String,
    address: String,
    fingerprint: String,
    our_fingerprint: String,
    expires_at: DateTime<Utc>,
    /// Whether that is over, by this console's clock.
    expired: bool,
    /// The partner that has this key already.
    known_as: Option<String>,
}

impl From<cases::Preview> for Preview {
    fn from(preview: cases::Preview) -> Self {
        let cases::Preview {
            name,
            address,
            fingerprint,
            our_fingerprint,
            expires_at,
            expired,
            known_as,
        } = preview;
        Self {
            name,
            address,
            fingerprint: fingerprint.grouped(),
            our_fingerprint: our_fingerprint.grouped(),
            expires_at,
            expired,
            known_as: known_as.map(Into::into),
        }
    }
}

/// An invitation to accept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    code: String,
    /// How the partner is called here; by default as it calls itself.
    name: Option<String>,
    comment: Option<String>,
}

/// Invitations that were made here.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "invitations", params(PageQuery),
    responses((status = 200, body = Listing<Invitation>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<PageQuery>) -> Result<HttpResponse, ApiError> {
    let page = query.0.page()?;
    let found = cases::list(&signed.app, &signed.operator, &page).await?;
    let listing: Listing<Invitation> = Listing::new(found, &page, |made| (made.created_at, made.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Makes an invitation. Its code is in this answer and nowhere else. A repeat with the same `Idempotency-Key` answers with
/// the same invitation and a fresh code, which takes the place of the one before.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "invitations", params(IdempotencyKey), request_body = NewInvitation,
    responses((status = 201, body = Invited)))]
pub(crate) async fn invite(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewInvitation>,
) -> Result<HttpResponse, ApiError> {
    let NewInvitation { comment } = body.value;
    let mut fresh = None;
    // The code is a secret, so it is not kept with the answer.
    let made = once_made(&request, &signed, &body.bytes, async || {
        let invited = cases::invite(&signed.app, &signed.operator, comment.as_deref()).await?;
        let id = invited.invitation.id.to_string();
        fresh = Some(invited);
        Ok(Made {
            generation: None,
            value: id,
        })
    })
    .await?;
    let invited = match fresh {
        Some(invited) => invited,
        None => {
            let id = id("", made.value.as_str().unwrap_or_default())?;
            cases::renew(&signed.app, &signed.operator, &id).await?
        }
    };
    Ok(HttpResponse::Created().json(Invited::from(invited)))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "invitations", params(("id" = String, Path)),
    responses((status = 200, body = Invitation)))]
pub(crate) async fn revoke(
    request: HttpRequest,
    signed: Signed,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "invitation")?;
    let revoked = cases::revoke(&signed.app, &signed.operator, &id).await?;
    Ok(HttpResponse::Ok().json(Invitation::from(revoked)))
}

/// Shows what a code holds. Nothing is stored and nobody is called.
#[utoipa::path(post, path = "/api/v1/invitations/preview", tag = "invitations", request_body = Code,
    responses((status = 200, body = Preview)))]
pub(crate) async fn preview(signed: Signed, body: Body<Code>) -> Result<HttpResponse, ApiError> {
    let Code { code } = body.value;
    let preview = cases::preview(&signed.app, &signed.operator, &code).await?;
    Ok(HttpResponse::Ok().json(Preview::from(preview)))
}

/// Accepts another console's invitation. The partner is `pending` until that console has answered.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "invitations", params(IdempotencyKey), request_body = Acceptance,
    responses((status = 201, body = Partner)))]
pub(crate) async fn accept(
    request: HttpRequest,
    signed: Signed,
    body: Body<Acceptance>,
) -> Result<HttpResponse, ApiError> {
    let Acceptance { code, name, comment } = body.value;
    once(&request, &signed, &body.bytes, async || {
        let (name, comment) = (name.as_deref(), comment.as_deref());
        let partner = cases::accept(&signed.app, &signed.operator, &code, name, comment).await?;
        Ok(Made {
            generation: Some(partner.generation),
            value: Partner::from(partner),
        })
    })
    .await
}
