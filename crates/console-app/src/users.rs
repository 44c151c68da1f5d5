//! People who sign in.

mod row;

use chrono::{DateTime, Utc};
use console_db::entity::user::Model;
use console_db::{
    ConnectionTrait, Constraint, DbError, Page, retry, sessions, sign_in_failures, users as rows,
};
use console_model::{ErrorCode, ErrorKind, FieldCode, Role, UserId};

use crate::input::check_remark;
use crate::operator::Permissions;
use crate::rights::{self, Action, Right};
use crate::session::password::{self, Caller, Verdict};
use crate::session::{count_failure, refuse_locked_out};
use crate::{App, AppError, Blocker, Fault, Operator};

use row::{check_password, is_active_root, refuse_last_root, shown, view, with_permissions};
pub(crate) use row::{own, permissions_of, prepare};

/// A user as operators see him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name to sign in with.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Rights besides the role.
    pub permissions: Permissions,
    /// A remark or contact data.
    pub comment: Option<String>,
    /// Since when he cannot sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When he last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Counts the changes.
    pub generation: i64,
    /// What they may do whoever owns the row, once they are signed in.
    pub rights: Vec<Right>,
    /// Why the operator cannot change anything of it; none when they can. Everybody may change their own remark and password
    /// all the same.
    pub cannot_change: Option<Blocker>,
    /// Why the operator can neither change the role nor decide whether the person can sign in; none when they can.
    pub cannot_change_access: Option<Blocker>,
}

/// What is needed for an account.
#[derive(Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
    /// The role.
    pub role: Role,
    /// Rights besides the role.
    pub permissions: Permissions,
    /// A remark or contact data.
    pub comment: Option<String>,
}

/// What changes about an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The role.
    pub role: Option<Role>,
    /// Rights besides the role.
    pub permissions: Option<Permissions>,
    /// A remark; the inner `None` removes it.
    pub comment: Option<Option<String>>,
    /// Whether he can sign in.
    pub disabled: Option<bool>,
}

/// A change of a password.
#[derive(Clone)]
pub struct PasswordChange {
    /// The old one; needed for one's own.
    pub old: Option<String>,
    /// The new one.
    pub new: String,
}

/// Users, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &App, operator: &Operator, page: &Page) -> Result<Vec<User>, AppError> {
    rights::require(operator, Action::Read)?;
    let db = app.db().reader();
    let roots = rows::count_active_roots(db).await?;
    let found = rows::list(db, page).await?;
    found.into_iter().map(|row| view(operator, row, roots)).collect()
}

/// One user.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, operator: &Operator, id: &UserId) -> Result<User, AppError> {
    rights::require(operator, Action::Read)?;
    let db = app.db().reader();
    shown(db, operator, find(db, id).await?).await
}

/// Makes an account.
///
/// # Errors
/// `invalid_input`, `name_taken`; `forbidden` for a role that the operator may not grant.
pub async fn create(app: &App, operator: &Operator, new: NewUser) -> Result<User, AppError> {
    rights::require(operator, Action::ManageUser(new.role))?;
    let row = insert(app, prepare(app, new, Caller::Known).await?).await?;
    shown(app.db().reader(), operator, row).await
}

/// Makes an account for somebody who is not signed in, with role default.
///
/// # Errors
/// `forbidden` unless the administrator has allowed it; `invalid_input`, `name_taken`.
pub async fn register(app: &App, name: String, password: String) -> Result<User, AppError> {
    if !app.settings().sign_in.self_registration {
        return Err(AppError::forbidden(
            "Accounts are made by an administrator here. Ask one.",
        ));
    }
    let permissions = Permissions {
        add_task: false,
        run: false,
    };
    let row = prepare(
        app,
        NewUser {
            name,
            password,
            role: Role::Default,
            permissions,
            comment: None,
        },
        Caller::Stranger,
    )
    .await?;
    own(app, insert(app, row).await?).await
}

/// Makes an account on the machine, where whoever has the database may do anything.
///
/// # Errors
/// `invalid_input`, `name_taken`.
pub async fn create_on_machine(app: &App, new: NewUser) -> Result<User, AppError> {
    let row = prepare(app, new, Caller::Known).await?;
    own(app, insert(app, row).await?).await
}

/// Gives an account a new password on the machine, and ends its sessions.
///
/// # Errors
/// `not_found`, `invalid_input`.
pub async fn reset_on_machine(app: &App, name: &str, new: String) -> Result<(), AppError> {
    let user = rows::find_by_name(app.db().reader(), name)
        .await?
        .ok_or_else(|| AppError::not_found("user"))?;
    check_password(app, &new).map_err(|fault| AppError::field("/password", fault))?;
    set_password(app, &user, new, None).await
}

/// Changes role, permissions, remark, or whether somebody can sign in. His sessions end when his rights change.
///
/// # Errors
/// `not_found`, `stale`, `forbidden`; `last_root` when nobody would be left who can do everything.
pub async fn update(
    app: &App,
    operator: &Operator,
    id: &UserId,
    generation: Option<i64>,
    change: UserChange,
) -> Result<User, AppError> {
    check_remark(change.comment.as_ref().and_then(Option::as_deref))
        .map_err(|fault| AppError::field("/comment", fault))?;
    let row = retry(async || update_once(app, operator, id, generation, &change).await).await?;
    shown(app.db().reader(), operator, row).await
}

/// Everybody may change his own remark.
fn may_update(operator: &Operator, row: &Model, change: &UserChange) -> Result<(), AppError> {
    let UserChange {
        role,
        permissions,
        comment: _,
        disabled,
    } = change;
    let remark_only = role.is_none() && permissions.is_none() && disabled.is_none();
    if remark_only && operator.id == row.id {
        return Ok(());
    }
    rights::require(operator, Action::ManageUser(row.role))?;
    match role {
        Some(role) => rights::require(operator, Action::ManageUser(*role)),
        None => Ok(()),
    }
}

async fn update_once(
    app: &App,
    operator: &Operator,
    id: &UserId,
    generation: Option<i64>,
    change: &UserChange,
) -> Result<Model, AppError> {
    let tx = app.db().begin().await?;
    let mut row = find(&tx, id).await?;
    may_update(operator, &row, change)?;
    if generation.is_some_and(|generation| generation != row.generation) {
        return Err(AppError::stale());
    }
    let before = row.clone();
    let rights_change = change.role.is_some_and(|role| role != row.role)
        || change
            .disabled
            .is_some_and(|disabled| disabled != row.disabled_at.is_some());
    if let Some(role) = change.role {
        row.role = role;
    }
    if let Some(permissions) = change.permissions {
        row.info = Some(with_permissions(row.info.take(), permissions));
    }
    if let Some(comment) = &change.comment {
        row.comment.clone_from(comment);
    }
    if let Some(disabled) = change.disabled {
        row.disabled_at = disabled.then(|| row.disabled_at.unwrap_or_else(|| Utc::now().naive_utc()));
    }
    if is_active_root(&before) && !is_active_root(&row) {
        refuse_last_root(&before, rows::count_active_roots(&tx).await?)?;
    }
    let row = rows::save(&tx, row).await?;
    if rights_change {
        sessions::delete_of_user(&tx, id, None).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Changes a password: one's own with the old one, another's as an administrator. Other sessions of the account end;
/// `keep` is the token of the session that asks.
///
/// # Errors
/// `not_found`, `forbidden`, `wrong_password`, `invalid_input`.
pub async fn change_password(
    app: &App,
    operator: &Operator,
    id: &UserId,
    change: PasswordChange,
    keep: Option<&str>,
) -> Result<(), AppError> {
    let row = find(app.db().reader(), id).await?;
    let own = operator.id == *id;
    if !own {
        rights::require(operator, Action::ManageUser(row.role))?;
    }
    check_password(app, &change.new).map_err(|fault| AppError::field("/new_password", fault))?;
    if own {
        let old = change.old.unwrap_or_default();
        // Somebody may sit at a screen that its owner left: guesses here count as those at the door do.
        let guesses = [sign_in_failures::account(&row.name)];
        refuse_locked_out(app, &guesses).await?;
        if password::verify(old, Some(row.password.clone())).await? == Verdict::Wrong {
            count_failure(app, &guesses).await?;
            let detail = "The old password is wrong.";
            return Err(
                AppError::field("/old_password", Fault::new(FieldCode::Wrong, detail))
                    .as_kind(ErrorKind::Unprocessable, ErrorCode::WrongPassword),
            );
        }
    }
    set_password(app, &row, change.new, keep.filter(|_| own)).await
}

async fn set_password(app: &App, row: &Model, new: String, keep: Option<&str>) -> Result<(), AppError> {
    let hash = password::hash(new, Caller::Known).await?;
    let keep = keep.map(crate::session::digest);
    let tx = app.db().begin().await?;
    rows::replace_hash(&tx, row, &hash).await?;
    sessions::delete_of_user(&tx, &row.id, keep.as_deref()).await?;
    // Whoever gave the new password has shown that it is the right person.
    sign_in_failures::clear(&tx, &[sign_in_failures::account(&row.name)]).await?;
    tx.commit().await?;
    Ok(())
}

async fn insert(app: &App, row: Model) -> Result<Model, AppError> {
    match rows::insert(app.db(), row.clone()).await {
        Ok(()) => Ok(row),
        Err(DbError::Conflict(Constraint::Name)) => Err(AppError::field(
            "/name",
            Fault::new(FieldCode::NotUnique, "there is a user of this name"),
        )
        .as_kind(ErrorKind::Conflict, ErrorCode::NameTaken)),
        Err(error) => Err(error.into()),
    }
}

async fn find(db: &impl ConnectionTrait, id: &UserId) -> Result<Model, AppError> {
    rows::find(db, id)
        .await?
        .ok_or_else(|| AppError::not_found("user"))
}
