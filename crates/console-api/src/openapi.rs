//! The description of the operator API, OpenAPI 3.1.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentEncoding, ContentType, LOCATION};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use console_app::{App, AppError};
use utoipa::openapi::Server;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Object, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder, SecurityRequirement};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::Config;

use crate::ApiSettings;
use crate::auth::{COOKIE_PREFIX, cookie_name};
use crate::error::{ApiError, Problem, ProblemPart};
use crate::limits;
use crate::operator::{
    engines, events, instances, invitations, objects, overview, pairings, partners, projects, resources,
    session, setup, system, tasks, users,
};
use crate::pieces::Pieces;

#[derive(OpenApi)]
#[openapi(
    info(title = "efls-console operator API", license(name = "Apache-2.0"),
        description = "Every `GET` but that of `/events` answers to `HEAD` too. Lists are read on with `next_cursor` as `cursor`. Parameters and \
                       members that are not described here are refused."),
    paths(
        setup::status, setup::first_admin,
        session::sign_in, session::who_am_i, session::sign_out, session::register,
        users::list, users::create, users::get, users::update, users::change_password,
        invitations::list, invitations::invite, invitations::preview, invitations::accept, invitations::revoke,
        partners::list, partners::add_base, partners::get, partners::update, partners::confirm, partners::suspend,
        partners::resume, partners::unpair, partners::check, partners::delete,
        projects::list, projects::create, projects::get, projects::update, projects::archive, projects::check, projects::delete,
        projects::assign,
        tasks::list, tasks::create, tasks::get, tasks::update, tasks::versions, tasks::new_version, tasks::validate,
        tasks::archive, tasks::delete,
        pairings::ask, pairings::get, pairings::refresh, pairings::take_settings,
        resources::list, resources::attach, resources::update, resources::detach,
        instances::run, instances::list, instances::get, instances::comment, instances::delete, instances::start,
        instances::stop, instances::consent::get, instances::consent::decide, instances::events, instances::logs::logs, instances::metrics, instances::results::results, instances::results::warnings,
        objects::list, objects::info, objects::upload, objects::download, objects::delete, objects::table::preview, objects::profile::profile,
        engines::list,
        engines::check,
        events::listen,
        overview::get,
        system::get, system::update, system::refused_calls, system::outbox, system::retry, system::give_up,
    ),
    components(schemas(Problem, ProblemPart)),
    modifiers(&Everywhere)
)]
struct Document;

/// What holds for every operation: how one signs in, and what errors look like.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("cookie", cookie("<8 digits>"));
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("bearer", bearer);
        let required =
            ["cookie", "bearer"].map(|name| SecurityRequirement::new::<_, [&str; 0], &str>(name, []));
        let problem = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let refused = ResponseBuilder::new()
            .description("Refused; `code` says why.")
            .content("application/problem+json", problem)
            .build();
        for &(schema, field, least, most) in limits::TEXTS {
            bound(&mut components.schemas, (schema, field), least, most);
        }
        let counted = counted(&components.schemas);
        for path in document.paths.paths.values_mut() {
            let methods = [
                &mut path.get,
                &mut path.post,
                &mut path.put,
                &mut path.patch,
                &mut path.delete,
            ];
            for operation in methods.into_iter().flatten() {
                // Handlers of different nouns have the same names; ids are unique in the whole document.
                let noun = operation.tags.iter().flatten().next();
                operation.operation_id = noun
                    .zip(operation.operation_id.as_ref())
                    .map(|(noun, verb)| format!("{noun}_{verb}"));
                operation.security.get_or_insert_with(|| required.to_vec());
                for (status, response) in &mut operation.responses.responses {
                    if let RefOr::T(response) = response {
                        describe(status, response, &counted);
                    }
                }
                operation
                    .responses
                    .responses
                    .insert("default".to_owned(), refused.clone().into());
            }
        }
    }
}

/// Tells how long a text may be.
fn bound(
    schemas: &mut BTreeMap<String, RefOr<Schema>>,
    (schema, field): (&str, &str),
    least: usize,
    most: usize,
) {
    if let Some(RefOr::T(Schema::Object(object))) = schemas.get_mut(schema)
        && let Some(RefOr::T(Schema::Object(text))) = object.properties.get_mut(field)
    {
        text.min_length = Some(least).filter(|least| *least > 0);
        text.max_length = Some(most);
    }
}

/// The session's cookie. Its name holds the first digits of the console's fingerprint.
fn cookie(digits: &str) -> SecurityScheme {
    let description = "The name ends in the first 8 digits of the console's fingerprint; the description that a console \
                       serves has its own.";
    let key = ApiKeyValue::with_description(format!("{COOKIE_PREFIX}{digits}"), description.to_owned());
    SecurityScheme::ApiKey(ApiKey::Cookie(key))
}

/// References to the schemas of rows that count their changes.
fn counted(schemas: &BTreeMap<String, RefOr<Schema>>) -> Vec<String> {
    let counts = |schema: &RefOr<Schema>| match schema {
        RefOr::T(Schema::Object(object)) => object.properties.contains_key("generation"),
        _ => false,
    };
    schemas
        .iter()
        .filter(|(_, schema)| counts(schema))
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect()
}

/// Says what a status means, and which answers carry the `ETag` of their row.
fn describe(status: &str, response: &mut Response, counted: &[String]) {
    if response.description.is_empty() {
        response.description = match status {
            "200" => "What was asked for.",
            "201" => "It was made.",
            "204" => "It was done.",
            "206" => "The part of the file.",
            _ => "An answer.",
        }
        .to_owned();
    }
    let is_row = response.content.values().any(
        |content| matches!(content, RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) if counted.contains(&schema.ref_location)),
    );
    if is_row {
        let tag = HeaderBuilder::new()
            .schema(Some(Object::with_type(Type::String)))
            .description(Some("The row's generation, for `If-Match`."))
            .build();
        response.headers.insert("ETag".to_owned(), RefOr::T(tag));
    }
}

/// The description of the operator API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The description as it is served: anybody may ask for it, so it is made once.
#[derive(Debug, Default)]
pub(crate) struct Served(OnceLock<Bytes>);

/// `GET /api/v1/openapi.json`
pub(crate) async fn document(
    app: Data<App>,
    settings: Data<ApiSettings>,
    served: Data<Served>,
) -> Result<HttpResponse, ApiError> {
    let text = match served.0.get() {
        Some(text) => text.clone(),
        None => {
            let text = serde_json::to_vec(&of_console(&app, &settings)).map_err(AppError::internal)?;
            served.0.get_or_init(|| text.into()).clone()
        }
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(Pieces::from(text)))
}

/// The description with what only a running console knows.
fn of_console(app: &App, settings: &ApiSettings) -> utoipa::openapi::OpenApi {
    let mut document = openapi();
    let components = document.components.get_or_insert_default();
    let name = cookie_name(app);
    components.add_security_scheme("cookie", cookie(name.trim_start_matches(COOKIE_PREFIX)));
    if !settings.base_path.is_empty() {
        document.servers = Some(vec![Server::new(&settings.base_path)]);
    }
    document
}

/// The page's own scripts and styles, and nothing from elsewhere.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           frame-ancestors 'none'";

/// `GET /api/docs/`: the description as a readable page, from this program alone.
pub(crate) async fn docs(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let file = request.match_info().query("file");
    let config = Arc::new(Config::from("../v1/openapi.json"));
    let found =
        utoipa_swagger_ui::serve(file, config).map_err(|error| AppError::internal(error.to_string()))?;
    let found = found.ok_or_else(|| AppError::not_found("page"))?;
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header(ContentEncoding::Gzip);
    }
    response
        .insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .content_type(found.content_type);
    Ok(response.body(Pieces::from(found.bytes)))
}

/// `GET /api/docs`: relative links need the slash.
pub(crate) async fn docs_slash() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, "docs/"))
        .finish()
}
