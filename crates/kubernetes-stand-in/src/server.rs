//! The server: from a request to an answer.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::access::{User, Wish};
use crate::answer::Refusal;
use crate::asked::Asked;
use crate::kinds::{self, Kind};
use crate::store::{Key, State};
use crate::write::Written;
use crate::{Fault, Inner, Request, logs, watch};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Where a request goes.
struct Target {
    kind: &'static Kind,
    namespace: String,
    name: String,
    subresource: String,
}

/// What a request leads to.
enum Answer {
    Json(u16, Value, Vec<String>),
    Text(u16, &'static str),
    Watch(watch::Wanted),
    Log(logs::Opened, logs::Wanted),
    Empty,
}

/// Answers one request. An error ends the connection without an answer.
pub(crate) async fn serve(
    inner: Arc<Inner>,
    request: http::Request<Incoming>,
) -> Result<Response<Body>, Unreachable> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Unreachable)?.to_bytes();
    let full = parts
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let parsed = if body.is_empty() {
        Ok(Value::Null)
    } else {
        serde_json::from_slice(&body)
    };
    let asked = Asked {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        headers: parts.headers,
        body: parsed.as_ref().cloned().unwrap_or_default(),
    };
    let fault = inner.lock().fault;
    let answer = match fault {
        Fault::Unreachable => return Err(Unreachable),
        Fault::Errors(code) => Err(Refusal::new(
            code,
            "InternalError",
            "an error on the server has been asked for",
        )),
        Fault::Slow(time) => {
            tokio::time::sleep(time).await;
            answer(&inner, &asked)
        }
        Fault::None => answer(&inner, &asked),
    };
    let answer = match parsed {
        Err(error) if answer.is_ok() => Err(Refusal::bad_request(format!("the body is no JSON: {error}"))),
        _ => answer,
    };
    let response = respond(&inner, answer);
    let status = response.status().as_u16();
    let request = Request {
        method: asked.method.to_string(),
        path: full,
        body: asked.body,
        status,
    };
    inner.lock().requests.push(request);
    Ok(response)
}

/// The connection ends.
#[derive(Debug)]
pub(crate) struct Unreachable;

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the stand-in is to be unreachable")
    }
}

impl std::error::Error for Unreachable {}

fn respond(inner: &Arc<Inner>, answer: Result<Answer, Refusal>) -> Response<Body> {
    let whole = |code: u16, kind: &str, bytes: Vec<u8>, warnings: &[String]| {
        let mut response = Response::builder().status(code);
        if !kind.is_empty() {
            response = response.header("content-type", kind);
        }
        for warning in warnings {
            response = response.header("warning", format!("299 - \"{}\"", warning.replace('"', "\\\"")));
        }
        response
            .body(Full::new(Bytes::from(bytes)).boxed_unsync())
            .expect("the parts of an answer are valid")
    };
    let streamed = |kind: &str, lines: mpsc::UnboundedReceiver<Bytes>| {
        let frames = stream::unfold(lines, async |mut lines| {
            let bytes = lines.recv().await?;
            Some((Ok::<_, Infallible>(Frame::data(bytes)), lines))
        });
        let body = StreamBody::new(frames).boxed_unsync();
        Response::builder()
            .header("content-type", kind)
            .body(body)
            .expect("the parts of an answer are valid")
    };
    match answer {
        Ok(Answer::Json(code, body, warnings)) => {
            whole(code, "application/json", body.to_string().into_bytes(), &warnings)
        }
        Ok(Answer::Text(code, text)) => whole(code, "text/plain", text.into(), &[]),
        Ok(Answer::Empty) => whole(204, "", Vec::new(), &[]),
        Ok(Answer::Watch(wanted)) => {
            let (out, lines) = mpsc::unbounded_channel();
            tokio::spawn(watch::follow(inner.clone(), wanted, out));
            streamed("application/json", lines)
        }
        Ok(Answer::Log(opened, wanted)) => {
            let (out, lines) = mpsc::unbounded_channel();
            tokio::spawn(logs::send(inner.clone(), opened, wanted, out));
            streamed("text/plain", lines)
        }
        Err(refusal) => {
            let warnings: Vec<_> = refusal.warning.clone().into_iter().collect();
            whole(
                refusal.code,
                "application/json",
                refusal.status().to_string().into_bytes(),
                &warnings,
            )
        }
    }
}

fn answer(inner: &Inner, asked: &Asked) -> Result<Answer, Refusal> {
    let mut state = inner.lock();
    let user = state.users.sender(&asked.headers)?;
    let segments: Vec<_> = asked.path.split('/').filter(|part| !part.is_empty()).collect();
    if let ["healthz" | "livez" | "readyz", ..] = segments.as_slice() {
        return Ok(Answer::Text(200, "ok"));
    }
    if segments == ["version"] {
        let minor = state.options.minor_version.clone();
        let version = format!("v1.{minor}.0");
        let body = json!({"major": "1", "minor": minor, "gitVersion": version, "platform": "linux/amd64"});
        return Ok(Answer::Json(200, body, Vec::new()));
    }
    if let Some(found) = kinds::discovery(&segments, |extra| state.has(extra)) {
        return Ok(Answer::Json(200, found, Vec::new()));
    }
    let target = target(&state, &segments)?;
    act(&mut state, &user, asked, target)
}

fn target(state: &State, segments: &[&str]) -> Result<Target, Refusal> {
    let (group, version, rest) = match segments {
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return Err(Refusal::no_such_path()),
    };
    let (namespace, rest) = match rest {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        _ => ("", rest),
    };
    let [plural, rest @ ..] = rest else {
        return Err(Refusal::no_such_path());
    };
    let kind =
        kinds::at(group, version, plural).filter(|kind| kind.needs.is_none_or(|extra| state.has(extra)));
    let kind = kind.ok_or_else(Refusal::no_such_path)?;
    let (name, subresource) = match rest {
        [] => ("", ""),
        [name] => (*name, ""),
        [name, subresource] => (*name, *subresource),
        _ => return Err(Refusal::no_such_path()),
    };
    if !(subresource.is_empty() || (subresource == "log" && kind.name == "Pod")) {
        return Err(Refusal::no_such_path());
    }
    Ok(Target {
        kind,
        namespace: namespace.into(),
        name: name.into(),
        subresource: subresource.into(),
    })
}

fn act(state: &mut State, user: &User, asked: &Asked, target: Target) -> Result<Answer, Refusal> {
    let Target {
        kind,
        namespace,
        name,
        subresource,
    } = &target;
    let key: Key = (kind.plural, namespace.clone(), name.clone());
    let watched = ["1", "true"].contains(&asked.value("watch"));
    let verb = match (asked.method.as_str(), name.is_empty()) {
        ("GET", true) if watched => "watch",
        ("GET", true) => "list",
        ("GET", false) => "get",
        ("POST", true) => "create",
        ("PUT", false) => "update",
        ("PATCH", false) => "patch",
        ("DELETE", false) => "delete",
        ("DELETE", true) => "deletecollection",
        _ => return Err(method_not_allowed()),
    };
    if kind.name == "SelfSubjectAccessReview" {
        let (mut review, manner) = (asked.body.clone(), asked.manner()?);
        let nodes = state.nodes(kind, &review)?;
        state.check_posted(kind, &nodes, &mut review, &manner)?;
        return Ok(Answer::Json(201, user.review(review), Vec::new()));
    }
    let wish = |verb| Wish {
        verb,
        group: kind.group,
        resource: kind.plural,
        subresource,
        namespace,
        name,
    };
    user.need(wish(verb))?;
    let new = !state.objects.contains_key(&key);
    match verb {
        "get" if subresource == "log" => {
            let wanted = asked.log()?;
            Ok(state
                .open_log(&key, &wanted)?
                .map_or(Answer::Empty, |opened| Answer::Log(opened, wanted)))
        }
        "get" => {
            let found = state
                .objects
                .get(&key)
                .ok_or_else(|| Refusal::not_found(kind, name))?;
            Ok(Answer::Json(200, found.clone(), Vec::new()))
        }
        "list" => Ok(Answer::Json(
            200,
            state.answer_list(&asked.collection(kind, namespace, name)?),
            Vec::new(),
        )),
        "watch" => Ok(Answer::Watch(asked.collection(kind, namespace, name)?)),
        "create" => written(state.create(kind, namespace, asked.body.clone(), &asked.manner()?)?),
        "update" => written(state.replace(kind, key, asked.body.clone(), &asked.manner()?)?),
        "patch" => match asked.content_type() {
            "application/apply-patch+yaml" => {
                if new {
                    user.need(wish("create"))?;
                }
                written(state.apply(kind, key, asked.body.clone(), &asked.manner()?)?)
            }
            "application/merge-patch+json" => {
                written(state.patch(kind, key, &asked.body, false, &asked.manner()?)?)
            }
            "application/strategic-merge-patch+json" => {
                written(state.patch(kind, key, &asked.body, true, &asked.manner()?)?)
            }
            other => Err(Refusal::new(
                415,
                "UnsupportedMediaType",
                format!("the body of the request was in an unknown format - {other} is not accepted"),
            )),
        },
        "delete" => {
            let how = asked.deletion();
            let gone = state.delete(kind, &key, &how)?;
            Ok(Answer::Json(200, gone, how.warning(kind).into_iter().collect()))
        }
        _ => delete_all(state, asked, &target),
    }
}

fn delete_all(state: &mut State, asked: &Asked, target: &Target) -> Result<Answer, Refusal> {
    let (wanted, how) = (
        asked.collection(target.kind, &target.namespace, &target.name)?,
        asked.deletion(),
    );
    let list = state.answer_list(&wanted);
    for object in list["items"].as_array().into_iter().flatten() {
        let key = crate::store::key_of(target.kind, object);
        state.delete(target.kind, &key, &how)?;
    }
    Ok(Answer::Json(
        200,
        list,
        how.warning(target.kind).into_iter().collect(),
    ))
}

fn written(done: Written) -> Result<Answer, Refusal> {
    Ok(Answer::Json(
        if done.new { 201 } else { 200 },
        done.object,
        done.warnings,
    ))
}

fn method_not_allowed() -> Refusal {
    Refusal::new(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
    )
}
