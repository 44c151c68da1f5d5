//! The name of our organisation, as partners and the head of every page show it.
//!
//! People give it at the first start and can change it later; until somebody has, it is `service.name` of the
//! configuration.

use console_db::{ConnectionTrait, settings as facts};
use console_model::{NameError, PlainName};

use crate::rights::{self, Action};
use crate::{App, AppError, Operator, Settings};

/// The fact that holds the name.
const FACT: &str = "organization_name";
/// The longest name, in characters.
pub const MAX_NAME: usize = 128;

/// The name.
///
/// # Errors
/// When the database does not answer.
pub async fn name(app: &App) -> Result<String, AppError> {
    let stored = facts::get(app.db().reader(), FACT).await?;
    let stored = stored.as_ref().and_then(|name| name.as_str());
    Ok(stored.unwrap_or(&app.settings().console_name).to_owned())
}

/// The name that was given by people or in the configuration; none while it is only the program's own.
///
/// # Errors
/// When the database does not answer.
pub async fn given_name(app: &App) -> Result<Option<String>, AppError> {
    let name = name(app).await?;
    Ok(Some(name).filter(|name| *name != Settings::default().console_name))
}

/// Gives the organisation another name. Partners that are paired keep the one that they know until their operators
/// change it.
///
/// # Errors
/// `invalid_input`.
pub async fn rename(app: &App, operator: &Operator, name: &str) -> Result<String, AppError> {
    rights::require(operator, Action::System)?;
    let name = checked(name).map_err(|error| AppError::field("/name", error))?;
    store(app.db().writer(), &name).await?;
    tracing::info!(operator.id = %operator.id, organization.name = name, "organisation renamed");
    Ok(name)
}

/// A name as it is stored.
pub(crate) fn checked(name: &str) -> Result<String, NameError> {
    PlainName::<MAX_NAME>::parse(name).map(PlainName::into_string)
}

/// Stores a checked name.
pub(crate) async fn store(db: &impl ConnectionTrait, name: &str) -> Result<(), AppError> {
    Ok(facts::put(db, FACT, &name.into()).await?)
}
