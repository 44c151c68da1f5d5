//! What is done on the machine itself, beside a running console or without one: whoever has its database may.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use console_app::operator::Permissions;
use console_app::partners::invitations;
use console_app::partners::{self, NewBasePartner, Partner};
use console_app::projects;
use console_app::users::{self, NewUser};
use console_app::{App, AppError, Cursor, FieldProblem, Operator, Page, naive, system};
use console_model::{ProjectId, Role, UserId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::cli;
use crate::config::Config;
use crate::{console, out};

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
    print(json, &json!({ "migrated": true }), "The schema is up to date.")
}

/// Makes accounts and gives new passwords.
///
/// # Errors
/// When the use-case refuses.
pub(crate) async fn user(config: &Config, command: cli::User, json: bool) -> anyhow::Result<()> {
    let password = password()?;
    match command {
        cli::User::Create {
            name,
            role,
            read_only,
        } => {
            if read_only && !matches!(role, cli::Role::Default) {
                bail!(
                    "--read-only is for role default; the other roles may do everything that concerns runs"
                );
            }
            say_which(config)?;
            let app = console::open(config, config.service.port, CancellationToken::new()).await?;
            let permissions = Permissions {
                add_task: !read_only,
                run: !read_only,
            };
            let role = role.into();
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
            )
        }
        cli::User::ResetPassword { name } => {
            let app = app(config).await?;
            users::reset_on_machine(&app, &name, password)
                .await
                .map_err(explained)?;
            let text = format!("{name} has a new password; its sessions have ended.");
            print(json, &json!({ "name": name }), &text)
        }
    }
}

/// Invites, accepts, lists, confirms and adds partners. What has to be sent is sent by the running console, or by the next one.
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
            let (address, ours) = (&app.settings().base_url, app.identity().fingerprint().grouped());
            let text = format!(
                "Give this code to the other side's administrator. It works once, until {until}, and leads to \
                 {address}.\n\n{}\n\nWhen it is accepted, compare by telephone:\n  our fingerprint  {ours}",
                invited.code
            );
            let value = json!({
                "id": id,
                "code": invited.code,
                "expires_at": until,
                "address": address,
                "our_fingerprint": ours,
            });
            print(json, &value, &text)
        }
        cli::Partner::Accept { code, name } => {
            let code = if code == "-" {
                line("the invitation code")?
            } else {
                code
            };
            let partner = invitations::accept(&app, &operator, code.trim(), name.as_deref(), None).await;
            print_partner(&partner.map_err(explained)?, json)
        }
        cli::Partner::List => list(&app, &operator, json).await,
        cli::Partner::Confirm { name, fingerprint } => {
            let known = all(&app, &operator).await?;
            let mut named = known.iter().filter(|partner| partner.name == name);
            let partner = match (named.next(), named.next()) {
                (Some(partner), None) => partner,
                (Some(_), Some(_)) => bail!("several partners are called {name}; confirm in the web console"),
                (None, _) => {
                    bail!("there is no partner called {name}; `efls-console partner list` shows all")
                }
            };
            let confirmed = partners::confirm_fingerprint(&app, &operator, &partner.id, &fingerprint).await;
            print_partner(&confirmed.map_err(explained)?, json)
        }
        cli::Partner::Assign { project, partner } => {
            let wanted = console_model::look_alike(&partner);
            let known = all(&app, &operator).await?;
            let Some(found) = known
                .iter()
                .find(|known| console_model::look_alike(&known.name) == wanted)
            else {
                bail!("no partner is called {partner:?} here; `efls-console partner list` names them");
            };
            let id =
                ProjectId::parse(&project).with_context(|| format!("{project:?} is no id of a project"))?;
            let assigned = projects::assign_partner(&app, &operator, &id, None, &found.id).await;
            let assigned = assigned.map_err(explained)?;
            let text = format!("The project {id} belongs to {} from now on.", found.name);
            let name = assigned.name;
            print(
                json,
                &json!({ "id": id, "name": name, "partner": shown(found) }),
                &text,
            )
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
            let added = partners::add_base(&app, &operator, new).await;
            print_partner(&added.map_err(explained)?, json)
        }
    }
}

async fn all(app: &App, operator: &Operator) -> anyhow::Result<Vec<Partner>> {
    let mut page = Page::first(200);
    let mut found = Vec::new();
    loop {
        let part = partners::list(app, operator, &page).await?;
        let full = part.len() as u64 >= page.limit;
        page.after = part.last().map(|partner| Cursor {
            at: naive(partner.created_at),
            id: partner.id.to_string(),
        });
        found.extend(part);
        if !full {
            return Ok(found);
        }
    }
}

async fn list(app: &App, operator: &Operator, json: bool) -> anyhow::Result<()> {
    let known = all(app, operator).await?;
    let ours = app.identity().fingerprint().grouped();
    let mut text = format!("Our fingerprint: {ours}");
    for partner in &known {
        let confirmed = match (partner.fingerprint, partner.fingerprint_confirmed_at) {
            (None, _) => "cannot sign its calls".to_owned(),
            (Some(fingerprint), None) => format!("fingerprint {}, not confirmed", fingerprint.grouped()),
            (Some(fingerprint), Some(_)) => format!("fingerprint {}, confirmed", fingerprint.grouped()),
        };
        let (name, address, trust) = (&partner.name, &partner.address, partner.trust.word());
        text += &format!("\n{name} at {address}: {trust}; {confirmed}");
    }
    let partners: Vec<Value> = known.iter().map(shown).collect();
    print(
        json,
        &json!({ "our_fingerprint": ours, "partners": partners }),
        &text,
    )
}

fn shown(partner: &Partner) -> Value {
    json!({
        "id": partner.id,
        "name": partner.name,
        "address": partner.address,
        "trust": partner.trust.word(),
        "fingerprint": partner.fingerprint.map(|fingerprint| fingerprint.grouped()),
        "our_fingerprint": partner.our_fingerprint.grouped(),
        "fingerprint_confirmed_at": partner.fingerprint_confirmed_at.map(|at| at.to_rfc3339()),
    })
}

fn print_partner(partner: &Partner, json: bool) -> anyhow::Result<()> {
    let fingerprint = partner.fingerprint.map(|fingerprint| fingerprint.grouped());
    let mut text = format!(
        "Partner {} at {}: {}.",
        partner.name,
        partner.address,
        partner.trust.word()
    );
    match (fingerprint, partner.fingerprint_confirmed_at) {
        (Some(_), Some(_)) => text += "\nIts fingerprint is confirmed.",
        (Some(fingerprint), None) => {
            let ours = partner.our_fingerprint.grouped();
            text += &format!(
                "\nCompare with the other side by telephone, then confirm (`efls-console partner confirm`):\n  \
                 its fingerprint  {fingerprint}\n  our fingerprint  {ours}"
            );
        }
        (None, _) => {}
    }
    print(json, &shown(partner), &text)
}

/// The console that is there, without anything running.
async fn app(config: &Config) -> anyhow::Result<App> {
    say_which(config)?;
    let db = console::existing_database(config).await?;
    let mut settings = config.settings(config.service.port);
    // The running console may have its address from a flag, or from another environment.
    if let Some(address) = system::noted_address(&db)
        .await?
        .filter(|_| config.service.base_url.is_empty())
    {
        settings.base_url = address;
    }
    console::open_on(db, config, settings, CancellationToken::new()).await
}

/// Says which console a command is about: with several on one machine it is easily the wrong one.
fn say_which(config: &Config) -> anyhow::Result<()> {
    let database = config.database()?.url;
    out::note(&format!("Console {}, database {database}", config.service.name));
    Ok(())
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

impl From<cli::Role> for Role {
    fn from(role: cli::Role) -> Self {
        match role {
            cli::Role::Root => Self::Root,
            cli::Role::Admin => Self::Admin,
            cli::Role::Default => Self::Default,
        }
    }
}

/// A refusal with all that is wrong with the input.
fn explained(error: AppError) -> anyhow::Error {
    let said = |problem: &FieldProblem| match problem.pointer.trim_matches('/') {
        "" => problem.fault.detail.clone(),
        // In the words of the command line.
        "accept_unsigned" => format!("--accept-unsigned {}", problem.fault.detail),
        field => format!("{field}: {}", problem.fault.detail),
    };
    let problems: Vec<String> = error.problems().iter().map(said).collect();
    if problems.is_empty() {
        error.into()
    } else {
        AppError::new(error.kind(), error.code(), problems.join("; ")).into()
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

fn print(json: bool, value: &Value, text: &str) -> anyhow::Result<()> {
    if json {
        out::line(&value.to_string())
    } else {
        out::line(text)
    }
}
