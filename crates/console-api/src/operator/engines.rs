//! `/engines`

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use console_app::engines::Registered;
use console_app::rights::{self, Action};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Signed;
use crate::error::ApiError;

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
