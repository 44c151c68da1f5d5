//! `/setup`

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use console_app::operator::Permissions;
use console_app::organization;
use console_app::setup as cases;
use console_app::users::NewUser;
use console_model::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::session::WhoAmI;
use super::users::User;
use crate::auth::{self, Signed};
use crate::error::ApiError;
use crate::extract::{Body, no_query, tagged};

/// Whether the console waits for its first account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupStatus {
    needed: bool,
    /// What people or the configuration call the organisation, if they do.
    organization: Option<String>,
    /// Whether the caller has a session: a page that asks this first needs no refused call to find out.
    signed_in: bool,
    /// Who that is.
    user: Option<WhoAmI>,
}

/// The first account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstAdmin {
    /// The code that the console printed when it started.
    code: String,
    /// The organisation's name, as partners will see it; the one of the configuration where it is left out.
    organization: Option<String>,
    name: String,
    password: String,
}

/// Whether the console waits for its first account, and whether the caller is signed in.
#[utoipa::path(get, path = "/api/v1/setup", tag = "setup", security(()), responses((status = 200, body = SetupStatus)))]
pub(crate) async fn status(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    no_query(&request)?;
    let app = auth::app(&request)?;
    let signed = <Signed>::extract(&request).await.ok();
    let status = SetupStatus {
        needed: cases::is_needed(&app).await?,
        organization: organization::given_name(&app).await?,
        signed_in: signed.is_some(),
        user: signed.map(|signed| signed.operator.into()),
    };
    Ok(HttpResponse::Ok().json(status))
}

/// Makes the first account, with role root, and names the organisation.
#[utoipa::path(post, path = "/api/v1/setup", tag = "setup", request_body = FirstAdmin, security(()),
    responses((status = 201, body = User)))]
pub(crate) async fn first_admin(
    request: HttpRequest,
    body: Body<FirstAdmin>,
) -> Result<HttpResponse, ApiError> {
    let FirstAdmin {
        code,
        organization,
        name,
        password,
    } = body.value;
    let permissions = Permissions {
        add_task: true,
        run: true,
    };
    let new = NewUser {
        name,
        password,
        role: Role::Root,
        permissions,
        comment: None,
    };
    let user = cases::first_admin(&*auth::app(&request)?, &code, organization.as_deref(), new).await?;
    Ok(tagged(StatusCode::CREATED, user.generation, &User::from(user)))
}
