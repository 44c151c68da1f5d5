//! `/session` and `/registration`

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::rights::{self, Right};
use console_app::{Operator, session as cases, users as user_cases};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::users::User;
use crate::ApiSettings;
use crate::auth::{self, Signed};
use crate::error::ApiError;
use crate::extract::{Body, NoBody, tagged};
use crate::guard::request_id;
use crate::words::{self, UserRole};

/// A user name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhoAmI {
    id: String,
    name: String,
    #[schema(value_type = UserRole)]
    role: &'static str,
    /// May create and change tasks.
    add_task: bool,
    /// May start and stop runs.
    run: bool,
    /// What the account may do whoever owns the row.
    #[schema(value_type = Vec<words::Right>)]
    rights: Vec<&'static str>,
    /// The roles that the account may give to others.
    #[schema(value_type = Vec<UserRole>)]
    grantable_roles: Vec<&'static str>,
}

impl From<Operator> for WhoAmI {
    fn from(operator: Operator) -> Self {
        let rights = rights::of(&operator).into_iter().map(Right::word).collect();
        let grantable_roles = rights::grantable(&operator)
            .into_iter()
            .map(console_model::Role::word)
            .collect();
        let Operator {
            id,
            name,
            role,
            permissions,
            request_id: _,
        } = operator;
        let all = role.is_admin();
        Self {
            id: id.into(),
            name,
            role: role.word(),
            add_task: all || permissions.add_task,
            run: all || permissions.run,
            rights,
            grantable_roles,
        }
    }
}

/// A new session. Browsers have it as a cookie; scripts send the token as `Authorization: Bearer`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    token: String,
    /// When it ends at the latest.
    expires_at: DateTime<Utc>,
    user: WhoAmI,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Credentials, security(()),
    responses((status = 201, body = Session)))]
pub(crate) async fn sign_in(
    request: HttpRequest,
    settings: Data<ApiSettings>,
    body: Body<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let Credentials { name, password } = body.value;
    let app = auth::app(&request)?;
    let address = auth::address(&request);
    let device = auth::device(&request);
    let new = cases::sign_in(
        &app,
        &name,
        &password,
        address.as_deref(),
        device.as_deref(),
        &request_id(&request),
    )
    .await?;
    let known = auth::device_cookie(&app, &settings, &new.device);
    let cookie = auth::session_cookie(&app, &settings, &new.token, new.expires_at);
    let answer = Session {
        token: new.token,
        expires_at: new.expires_at,
        user: new.operator.into(),
    };
    Ok(HttpResponse::Created().cookie(cookie).cookie(known).json(answer))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = WhoAmI)))]
pub(crate) async fn who_am_i(signed: Signed) -> HttpResponse {
    HttpResponse::Ok().json(WhoAmI::from(signed.operator))
}

/// Signs out: the session ends at once, everywhere.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub(crate) async fn sign_out(
    signed: Signed,
    settings: Data<ApiSettings>,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    cases::sign_out(&signed.app, &signed.token).await?;
    Ok(HttpResponse::NoContent()
        .cookie(auth::no_cookie(&signed.app, &settings))
        .finish())
}

/// Makes an account for oneself, where the administrator has allowed it.
#[utoipa::path(post, path = "/api/v1/registration", tag = "session", request_body = Credentials, security(()),
    responses((status = 201, body = User)))]
pub(crate) async fn register(
    request: HttpRequest,
    body: Body<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let Credentials { name, password } = body.value;
    let user = user_cases::register(&*auth::app(&request)?, name, password).await?;
    Ok(tagged(StatusCode::CREATED, user.generation, &User::from(user)))
}
