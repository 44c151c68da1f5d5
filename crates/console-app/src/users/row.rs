//! The row of a user: how it is made, read and shown.

use chrono::Utc;
use console_db::entity::user::Model;
use console_db::{ConnectionTrait, users as rows, utc};
use console_model::{ErrorCode, PlainName, Role, UserId};
use serde_json::{Value, json};

use super::{NewUser, User};
use crate::input::{check_remark, field};
use crate::operator::Permissions;
use crate::rights::{self, Action};
use crate::session::operator_of;
use crate::session::password::{self, Caller};
use crate::{App, AppError, Blocker, Fault, Operator};

/// The most characters of a password: enough for any sentence, too few to keep the hash busy.
const PASSWORD_MOST: usize = 256;

/// Checks what was given and hashes the password.
pub(crate) async fn prepare(app: &App, new: NewUser, caller: Caller) -> Result<Model, AppError> {
    let NewUser {
        name,
        password,
        role,
        permissions,
        comment,
    } = new;
    let mut problems = Vec::new();
    let name = field(&mut problems, "/name", PlainName::<128>::parse(&name));
    field(&mut problems, "/password", check_password(app, &password));
    field(&mut problems, "/comment", check_remark(comment.as_deref()));
    let (Some(name), []) = (name, problems.as_slice()) else {
        return Err(AppError::fields(problems));
    };
    let now = Utc::now().naive_utc();
    Ok(Model {
        id: UserId::generate(),
        gmt_create: now,
        gmt_modified: now,
        gmt_login: None,
        name: name.into_string(),
        password: password::hash(password, caller).await?,
        role,
        token: None,
        token_valid: None,
        comment,
        info: Some(with_permissions(None, permissions)),
        disabled_at: None,
        generation: 1,
    })
}

pub(super) fn check_password(app: &App, password: &str) -> Result<(), Fault> {
    let least = app.settings().sign_in.password_min_length;
    let found = password.chars().count();
    if (least..=PASSWORD_MOST).contains(&found) {
        return Ok(());
    }
    Err(Fault::length(least, PASSWORD_MOST, found))
}

/// The permissions in `user.info`, in the original's form: `{"permission": {"addTaskPermission": …, "runPermission": …}}`.
/// What is not stated is not granted.
pub(crate) fn permissions_of(info: Option<&Value>) -> Permissions {
    let permission = info.and_then(|info| info.get("permission"));
    let granted = |key| {
        permission
            .and_then(|all| all.get(key))
            .and_then(Value::as_bool)
            .unwrap_or(false)
    };
    Permissions {
        add_task: granted("addTaskPermission"),
        run: granted("runPermission"),
    }
}

/// Writes the permissions into `user.info` and leaves what else is there.
pub(super) fn with_permissions(info: Option<Value>, permissions: Permissions) -> Value {
    let mut info = match info {
        Some(Value::Object(info)) => info,
        _ => serde_json::Map::new(),
    };
    let permission = json!({ "addTaskPermission": permissions.add_task, "runPermission": permissions.run });
    info.insert("permission".to_owned(), permission);
    Value::Object(info)
}

/// Refuses what leaves nobody who can do everything; `roots`: how many can now.
pub(super) fn refuse_last_root(row: &Model, roots: u64) -> Result<(), AppError> {
    if is_active_root(row) && roots <= 1 {
        return Err(AppError::conflict(
            ErrorCode::LastRoot,
            "This is the last root account. Make another one first.",
        ));
    }
    Ok(())
}

pub(super) fn is_active_root(row: &Model) -> bool {
    row.role == Role::Root && row.disabled_at.is_none()
}

/// A new account, as the person sees it whose it is.
pub(crate) async fn own(app: &App, row: Model) -> Result<User, AppError> {
    let person = operator_of(&row, "")?;
    shown(app.db().reader(), &person, row).await
}

/// The account as an operator sees it.
pub(super) async fn shown(
    db: &impl ConnectionTrait,
    operator: &Operator,
    row: Model,
) -> Result<User, AppError> {
    let roots = rows::count_active_roots(db).await?;
    view(operator, row, roots)
}

/// As [`shown`]; `roots`: how many accounts can do everything.
pub(super) fn view(operator: &Operator, row: Model, roots: u64) -> Result<User, AppError> {
    let change = Action::ManageUser(row.role);
    let access = refuse_last_root(&row, roots).and_then(|()| rights::require(operator, change));
    Ok(User {
        rights: rights::of(&operator_of(&row, "")?),
        cannot_change: Blocker::of_rights(operator, change),
        cannot_change_access: Blocker::of(access)?,
        id: row.id.clone(),
        permissions: permissions_of(row.info.as_ref()),
        name: row.name,
        role: row.role,
        comment: row.comment,
        disabled_at: row.disabled_at.map(utc),
        signed_in_at: row.gmt_login.map(utc),
        created_at: utc(row.gmt_create),
        generation: row.generation,
    })
}
