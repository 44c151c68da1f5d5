//! The first account: made on the machine, or with a one-time code that the first start prints.

use console_db::{settings as facts, users as user_rows};
use console_model::{ErrorCode, ErrorKind, Role};
use rand::RngExt;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::session::digest;
use crate::session::password::Caller;
use crate::users::{self, NewUser, User};
use crate::{App, AppError, organization};

/// The fact that holds the digest of the code.
const FACT: &str = "setup_code";
/// Letters and digits that cannot be mistaken for one another.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 20;

/// Whether the console waits for its first account.
///
/// # Errors
/// When the database does not answer.
pub async fn is_needed(app: &App) -> Result<bool, AppError> {
    Ok(!user_rows::any(app.db().reader()).await?)
}

/// A fresh code when there is no account yet. It replaces an earlier one, since only its digest is stored.
///
/// # Errors
/// When the database does not answer.
pub async fn code_if_needed(app: &App) -> Result<Option<String>, AppError> {
    if !is_needed(app).await? {
        return Ok(None);
    }
    let mut random = rand::rng();
    let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
    let code: String = (0..LENGTH).map(|_| letter()).collect();
    facts::put(app.db().writer(), FACT, &json!(digest(&code))).await?;
    Ok(Some(code))
}

/// Makes the first account, with role root, and names the organisation where a name is given. The code is good for one.
///
/// # Errors
/// `setup_done` when there is an account; `wrong_setup_code`; `invalid_input`.
pub async fn first_admin(
    app: &App,
    code: &str,
    organization: Option<&str>,
    new: NewUser,
) -> Result<User, AppError> {
    // The code first: who does not have it must not make us hash passwords.
    let stored = facts::get(app.db().reader(), FACT).await?;
    check(app, stored.as_ref(), code).await?;
    let organization = organization.map(str::trim).filter(|name| !name.is_empty());
    let organization = organization
        .map(organization::checked)
        .transpose()
        .map_err(|error| AppError::field("/organization", error))?;
    let root = NewUser {
        role: Role::Root,
        ..new
    };
    let row = users::prepare(app, root, Caller::Stranger).await?;
    let tx = app.db().begin().await?;
    // Of two at the same time one removes the code, and the other one finds it gone.
    let first = facts::delete(&tx, FACT).await? && !user_rows::any(&tx).await?;
    if !first {
        return Err(done());
    }
    user_rows::insert(&tx, row.clone()).await?;
    if let Some(name) = organization {
        organization::store(&tx, &name).await?;
    }
    tx.commit().await?;
    users::own(app, row).await
}

async fn check(app: &App, stored: Option<&Value>, code: &str) -> Result<(), AppError> {
    if !is_needed(app).await? {
        return Err(done());
    }
    let stored = stored.and_then(Value::as_str).unwrap_or_default();
    let given = digest(&code.trim().to_uppercase());
    if bool::from(stored.as_bytes().ct_eq(given.as_bytes())) {
        Ok(())
    } else {
        let detail = "This is not the setup code. The console printed it when it started.";
        Err(AppError::new(
            ErrorKind::Forbidden,
            ErrorCode::WrongSetupCode,
            detail,
        ))
    }
}

fn done() -> AppError {
    let detail = "There is an account already. Sign in, or ask an administrator.";
    AppError::conflict(ErrorCode::SetupDone, detail)
}
