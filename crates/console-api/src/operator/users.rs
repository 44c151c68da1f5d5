//! `/users`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use console_app::operator::Permissions;
use console_app::rights::Right;
use console_app::users as cases;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Signed, SignedQuery};
use crate::blocker::Blocker;
use crate::error::ApiError;
use crate::extract::{Body, IfMatch, Query, given, if_match, path, tagged};
use crate::idempotency::{IdempotencyKey, Made, once};
use crate::page::{Listing, PageQuery};
use crate::words::{self, UserRole};

/// A person who signs in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: String,
    name: String,
    #[schema(value_type = UserRole)]
    role: &'static str,
    permissions: UserPermissions,
    comment: Option<String>,
    /// Since when he cannot sign in.
    disabled_at: Option<DateTime<Utc>>,
    signed_in_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    generation: i64,
    /// What the account may do whoever owns the row.
    #[schema(value_type = Vec<words::Right>)]
    rights: Vec<&'static str>,
    /// Why the caller cannot change anything of it; null when they can. Everybody may change their own remark and password all
    /// the same.
    cannot_change: Option<Blocker>,
    /// Why the caller can neither change the role nor decide whether the person can sign in; null when they can.
    cannot_change_access: Option<Blocker>,
}

/// Rights besides the role.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPermissions {
    /// May create and change tasks.
    add_task: bool,
    /// May start and stop runs.
    run: bool,
}

impl From<UserPermissions> for Permissions {
    fn from(permissions: UserPermissions) -> Self {
        let UserPermissions { add_task, run } = permissions;
        Self { add_task, run }
    }
}

impl From<cases::User> for User {
    fn from(user: cases::User) -> Self {
        let cases::User {
            id,
            name,
            role,
            permissions: Permissions { add_task, run },
            comment,
            disabled_at,
            signed_in_at,
            created_at,
            generation,
            rights,
            cannot_change,
            cannot_change_access,
        } = user;
        Self {
            id: id.into(),
            name,
            role: role.word(),
            permissions: UserPermissions { add_task, run },
            comment,
            disabled_at,
            signed_in_at,
            created_at,
            generation,
            rights: rights.into_iter().map(Right::word).collect(),
            cannot_change: cannot_change.map(Blocker::from),
            cannot_change_access: cannot_change_access.map(Blocker::from),
        }
    }
}

/// A role that can be given.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Root,
    Admin,
    Default,
}

impl From<Role> for console_model::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Root => Self::Root,
            Role::Admin => Self::Admin,
            Role::Default => Self::Default,
        }
    }
}

/// What is needed for an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    name: String,
    password: String,
    role: Role,
    /// Both by default.
    permissions: Option<UserPermissions>,
    comment: Option<String>,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    role: Option<Role>,
    permissions: Option<UserPermissions>,
    /// Null removes it.
    #[serde(default, deserialize_with = "given")]
    comment: Option<Option<String>>,
    disabled: Option<bool>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// Needed for one's own.
    old_password: Option<String>,
    new_password: String,
}

/// Users.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", params(PageQuery),
    responses((status = 200, body = Listing<User>)))]
pub(crate) async fn list(signed: SignedQuery, query: Query<PageQuery>) -> Result<HttpResponse, ApiError> {
    let page = query.0.page()?;
    let users = cases::list(&signed.app, &signed.operator, &page).await?;
    let listing: Listing<User> = Listing::new(users, &page, |user| (user.created_at, user.id.as_str()));
    Ok(HttpResponse::Ok().json(listing))
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", params(IdempotencyKey), request_body = NewUser,
    responses((status = 201, body = User)))]
pub(crate) async fn create(
    request: HttpRequest,
    signed: Signed,
    body: Body<NewUser>,
) -> Result<HttpResponse, ApiError> {
    once(&request, &signed, &body.bytes, async || {
        let NewUser {
            name,
            password,
            role,
            permissions,
            comment,
        } = body.value;
        let permissions = permissions.map_or(
            Permissions {
                add_task: true,
                run: true,
            },
            Into::into,
        );
        let new = cases::NewUser {
            name,
            password,
            role: role.into(),
            permissions,
            comment,
        };
        let user = cases::create(&signed.app, &signed.operator, new).await?;
        Ok(Made {
            generation: Some(user.generation),
            value: User::from(user),
        })
    })
    .await
}

/// One user.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", params(("id" = String, Path)),
    responses((status = 200, body = User)))]
pub(crate) async fn get(request: HttpRequest, signed: Signed) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "user")?;
    let user = cases::get(&signed.app, &signed.operator, &id).await?;
    Ok(tagged(StatusCode::OK, user.generation, &User::from(user)))
}

/// Changes role, permissions, remark, or whether somebody can sign in.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", params(("id" = String, Path), IfMatch),
    request_body = UserChange, responses((status = 200, body = User)))]
pub(crate) async fn update(
    request: HttpRequest,
    signed: Signed,
    body: Body<UserChange>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "user")?;
    let UserChange {
        role,
        permissions,
        comment,
        disabled,
    } = body.value;
    let change = cases::UserChange {
        role: role.map(Into::into),
        permissions: permissions.map(Into::into),
        comment,
        disabled,
    };
    let user = cases::update(&signed.app, &signed.operator, &id, if_match(&request)?, change).await?;
    Ok(tagged(StatusCode::OK, user.generation, &User::from(user)))
}

/// Changes a password: one's own with the old one, another's as an administrator. Other sessions of the account end.
#[utoipa::path(post, path = "/api/v1/users/{id}/password", tag = "users", params(("id" = String, Path)),
    request_body = PasswordChange, responses((status = 204)))]
pub(crate) async fn change_password(
    request: HttpRequest,
    signed: Signed,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let id = path(&request, "id", "user")?;
    let PasswordChange {
        old_password,
        new_password,
    } = body.value;
    let change = cases::PasswordChange {
        old: old_password,
        new: new_password,
    };
    cases::change_password(&signed.app, &signed.operator, &id, change, Some(&signed.token)).await?;
    Ok(HttpResponse::NoContent().finish())
}
