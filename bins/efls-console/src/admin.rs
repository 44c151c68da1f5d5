//! What is done on the machine itself, beside a running console or without one: whoever has its database may.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use console_app::operator::Permissions;
use console_app::partners::invitations;
use console_app::partners::{self, NewBasePartner};
use console_app::users::{self, NewUser};
use console_app::{App, AppError, FieldProblem, Operator};
use console_model::{Role, UserId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::cli;
use crate::config::Config;
use crate::console;

/// Holds the password of an account that is made or changed.
const PASSWORD_VARIABLE: &str = "EFLS_PASSWORD";

/// Brings the schema up to date.
///
/// # Errors
/// When the database cannot be opened or changed.
pub(crate) async fn migrate(config: &Config, json: bool) -> anyhow::Result<()> {
    let mut config = config.clone();
    config.database.migrate_at_start = true;
    console::database(&config).await?;
    print(json, &json!({ "migrated": true }), "The schema is up to date.");
    Ok(())
}

/// Makes accounts and gives new passwords.
///
/// # Errors
/// When the use-case refuses.
pub(crate) async fn user(config: &Config, command: cli::User, json: bool) -> anyhow::Result<()> {
    let password = password()?;
    let app = app(config).await?;
    match command {
        cli::User::Create { name, role } => {
            let (role, permissions) = rights(role);
            let new = NewUser {
                name,
                password,
                role,
                permissions,
                comment: None,
            };
            let user = users::create_on_machine(&app, new).await.map_err(explained)?;
            let text = format!("{} can sign in now, with role {}.", user.name, user.role.word());
            print(
                json,
                &json!({ "id": user.id, "name": user.name, "role": user.role.word() }),
                &text,
            );
        }
        cli::User::ResetPassword { name } => {
            users::reset_on_machine(&app, &name, password)
                .await
                .map_err(explained)?;
            let text = format!("{name} has a new password; its sessions have ended.");
            print(json, &json!({ "name": name }), &text);
        }
    }
    Ok(())
}

/// Invites, accepts and adds partners. What has to be sent is sent by the running console, or by the next one.
///
/// # Errors
/// When the use-case refuses.
pub(crate) async fn partner(config: &Config, command: cli::Partner, json: bool) -> anyhow::Result<()> {
    let app = app(config).await?;
    let operator = operator()?;
    match command {
        cli::Partner::Invite { comment } => {
            let invited = invitations::invite(&app, &operator, comment.as_deref())
                .await
                .map_err(explained)?;
            let (id, until) = (&invited.invitation.id, invited.invitation.expires_at.to_rfc3339());
            let text = format!(
                "Give this code to the other side's administrator. It works once, until {until}.\n\n{}",
                invited.code
            );
            print(
                json,
                &json!({ "id": id, "code": invited.code, "expires_at": until }),
                &text,
            );
        }
        cli::Partner::Accept { code, name } => {
            let code = if code == "-" {
                line("the invitation code")?
            } else {
                code
            };
            let partner = invitations::accept(&app, &operator, code.trim(), name.as_deref(), None).await;
            print_partner(&partner.map_err(explained)?, json);
        }
        cli::Partner::Add {
            name,
            address,
            accept_unsigned,
        } => {
            let new = NewBasePartner {
                name,
                address,
                comment: None,
                accept_unsigned,
            };
            print_partner(
                &partners::add_base(&app, &operator, new)
                    .await
                    .map_err(explained)?,
                json,
            );
        }
    }
    Ok(())
}

fn print_partner(partner: &partners::Partner, json: bool) {
    let fingerprint = partner.fingerprint.map(|fingerprint| fingerprint.grouped());
    let value = json!({
        "id": partner.id,
        "name": partner.name,
        "address": partner.address,
        "trust": partner.trust.word(),
        "fingerprint": fingerprint,
        "our_fingerprint": partner.our_fingerprint.grouped(),
    });
    let mut text = format!(
        "Partner {} at {}: {}.",
        partner.name,
        partner.address,
        partner.trust.word()
    );
    if let Some(fingerprint) = fingerprint {
        let ours = partner.our_fingerprint.grouped();
        text += &format!(
            "\nCompare with the other side by telephone:\n  its fingerprint  {fingerprint}\n  our fingerprint  {ours}"
        );
    }
    print(json, &value, &text);
}

/// The console without anything running.
async fn app(config: &Config) -> anyhow::Result<App> {
    console::open(config, config.service.port, CancellationToken::new()).await
}

/// Who acts on the machine: nobody who has an account.
fn operator() -> anyhow::Result<Operator> {
    Ok(Operator {
        id: UserId::parse("command-line")?,
        name: "command line".to_owned(),
        role: Role::Root,
        permissions: Permissions {
            add_task: true,
            run: true,
        },
        request_id: UserId::generate().to_string(),
    })
}

fn rights(role: cli::Role) -> (Role, Permissions) {
    match role {
        cli::Role::Root => (
            Role::Root,
            Permissions {
                add_task: true,
                run: true,
            },
        ),
        cli::Role::Admin => (
            Role::Admin,
            Permissions {
                add_task: true,
                run: true,
            },
        ),
        cli::Role::Default => (
            Role::Default,
            Permissions {
                add_task: false,
                run: false,
            },
        ),
    }
}

/// A refusal with all that is wrong with the input.
fn explained(error: AppError) -> anyhow::Error {
    let said = |problem: &FieldProblem| format!("{} {}", problem.pointer.trim_matches('/'), problem.detail);
    let problems: Vec<String> = error.problems().iter().map(said).collect();
    if problems.is_empty() {
        error.into()
    } else {
        anyhow::anyhow!("{}", problems.join("; "))
    }
}

/// A password from the environment, a person, or a pipe; never from the command line, which every user of the machine
/// can read.
fn password() -> anyhow::Result<String> {
    if let Ok(password) = std::env::var(PASSWORD_VARIABLE) {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        return line("the password");
    }
    let first = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("The same again: ")? != first {
        bail!("the two passwords differ");
    }
    Ok(first)
}

fn line(what: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut text)
        .with_context(|| format!("{what} cannot be read"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        bail!("{what} is missing on the standard input");
    }
    Ok(text.to_owned())
}

fn print(json: bool, value: &Value, text: &str) {
    if json {
        println!("{value}")
    } else {
        println!("{text}")
    }
}
