//! `/engines`

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use console_app::engines::{self, Finding, Health, Registered};
use console_app::rights::{self, Action};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Signed;
use crate::error::ApiError;
use crate::extract::NoBody;

/// What really runs jobs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Engine {
    /// What tasks name it by.
    name: String,
    version: String,
    /// Whether it is the engine of tasks that name none.
    default: bool,
    /// The task types (`sample`, `train`) that it runs.
    types: BTreeMap<String, EngineType>,
    /// Whether it takes jobs up again after the console restarted.
    attach: bool,
    /// Whether it talks to the other side through the consoles.
    peer_channel: bool,
}

/// One task type of an engine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngineType {
    /// A JSON Schema of the task's config.
    config_schema: Value,
    /// Keys that must be equal on both sides where both sides' `meta` state them.
    matching_keys: Vec<String>,
    /// The figure of the results that lists of runs show; null when no figure stands out.
    main_figure: Option<MainFigure>,
}

/// A figure of a result that says in one number how a run went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MainFigure {
    /// The name of the result.
    result: String,
    /// The name of the number in it.
    name: String,
    /// Whether a larger number is better; null where neither is.
    larger_is_better: Option<bool>,
}

/// Something that an engine found where it works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngineFinding {
    /// What it is about, such as the name of a cluster.
    subject: String,
    health: EngineHealth,
    text: String,
    /// In simplified Chinese, where the engine says it.
    text_zh: Option<String>,
}

/// How something is where an engine works.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EngineHealth {
    /// As it should be.
    Good,
    /// It works, and somebody should know of it.
    Doubtful,
    /// Jobs will fail or wait because of it.
    Bad,
}

impl From<Finding> for EngineFinding {
    fn from(finding: Finding) -> Self {
        Self {
            subject: finding.subject,
            health: match finding.health {
                Health::Good => EngineHealth::Good,
                Health::Doubtful => EngineHealth::Doubtful,
                Health::Bad => EngineHealth::Bad,
            },
            text: finding.text.en,
            text_zh: finding.text.zh,
        }
    }
}

/// Asks an engine now what it finds where it works, for example whether its clusters answer and what it may do there.
#[utoipa::path(post, path = "/api/v1/engines/{name}/check", tag = "engines", params(("name" = String, Path)),
    responses((status = 200, body = Vec<EngineFinding>)))]
pub(crate) async fn check(request: HttpRequest, signed: Signed, _: NoBody) -> Result<HttpResponse, ApiError> {
    let name = request.match_info().query("name");
    let found = engines::check(&signed.app, &signed.operator, name)
        .await?
        .into_iter();
    Ok(HttpResponse::Ok().json(found.map(EngineFinding::from).collect::<Vec<_>>()))
}

/// The engines of this console.
#[utoipa::path(get, path = "/api/v1/engines", tag = "engines", responses((status = 200, body = Vec<Engine>)))]
pub(crate) async fn list(signed: Signed) -> Result<HttpResponse, ApiError> {
    rights::require(&signed.operator, Action::Read)?;
    let default = &signed.app.settings().default_engine;
    let engines: Vec<Engine> = signed
        .app
        .engines()
        .iter()
        .map(|engine| view(engine, default))
        .collect();
    Ok(HttpResponse::Ok().json(engines))
}

fn view(engine: &Registered, default: &str) -> Engine {
    let described = engine.description.clone();
    let types = described.types.into_iter().map(|(kind, of)| {
        let word = serde_json::to_value(kind)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned));
        let view = EngineType {
            config_schema: of.config_schema,
            matching_keys: of.matching_keys,
            main_figure: of.main_figure.map(|main| MainFigure {
                result: main.result,
                name: main.name,
                larger_is_better: main.larger_is_better,
            }),
        };
        (word.unwrap_or_default(), view)
    });
    Engine {
        default: described.name == default,
        types: types.collect(),
        name: described.name,
        version: described.version,
        attach: described.capabilities.attach,
        peer_channel: described.capabilities.peer_channel,
    }
}
