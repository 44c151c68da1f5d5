//! What a monitoring system reads, and what is read into it.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::label::MatchOp;
use promql_parser::parser::{self, Expr, VectorSelector};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{Console, client, free_port, post, program, sign_in};

const PASSWORD: &str = "correct horse battery";

/// The samples of one metric: the labels of each, and its value.
type Samples = Vec<(BTreeMap<String, String>, f64)>;

async fn get(url: &str) -> (u16, String) {
    let answer = client().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Reads the text form of OpenMetrics, as far as this program writes it.
fn parse(text: &str) -> BTreeMap<String, Samples> {
    let mut metrics = BTreeMap::<String, Samples>::new();
    assert!(text.ends_with("# EOF\n"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}').unwrap();
        let labels = labels.split("\",").filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once("=\"").unwrap();
            (name.to_owned(), value.trim_end_matches('"').to_owned())
        });
        let samples = metrics.entry(name.to_owned()).or_default();
        samples.push((labels.collect(), value.parse().unwrap()));
    }
    metrics
}

/// A console with metrics, and with a partner that nobody reaches and that is to be told of a project.
struct Watched {
    console: Console,
    metrics: String,
    token: String,
    partner: String,
    project: String,
    _dir: tempfile::TempDir,
}

async fn watched() -> Watched {
    let dir = tempdir().unwrap();
    let metrics = format!("127.0.0.1:{}", free_port());
    let mut command = program(dir.path(), &["serve", "--port", "0", "--base-path", "/host"]);
    command
        .env("EFLS_METRICS__LISTEN", &metrics)
        .env("EFLS_FEDERATION__ALLOW_LOOPBACK", "true");
    let console = Console::start(&mut command);
    let first = json!({ "code": console.ready["setup_code"], "name": "ann", "password": PASSWORD });
    assert_eq!(post(&console.api("setup"), None, &first).await.0, 201);
    let token = sign_in(&console, "ann", PASSWORD).await.1.unwrap();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let partner = json!({ "name": "Hilltop \"Bank\"", "address": nobody, "accept_unsigned": true });
    let (status, partner) = post(&console.api("partners"), Some(&token), &partner).await;
    assert_eq!(status, 201, "{partner}");
    let project = json!({ "name": "common", "partner_id": partner["id"] });
    let (status, project) = post(&console.api("projects"), Some(&token), &project).await;
    assert_eq!(status, 201, "{project}");
    Watched {
        console,
        metrics: format!("http://{metrics}/metrics"),
        token,
        partner: partner["id"].as_str().unwrap().to_owned(),
        project: project["id"].as_str().unwrap().to_owned(),
        _dir: dir,
    }
}

/// The metrics, once the partner was tried and all background work has ended a pass.
async fn settled(watched: &Watched) -> (String, BTreeMap<String, Samples>) {
    for _ in 0..600 {
        let (status, text) = get(&watched.metrics).await;
        assert_eq!(status, 200, "{text}");
        let metrics = parse(&text);
        let tried = metrics.contains_key("efls_peer_call_duration_seconds_count");
        let passed = metrics.get("efls_reconciler_age_seconds");
        if tried && passed.is_some_and(|samples| samples.len() >= 9) {
            return (text, metrics);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the partner was not called, or background work did not begin");
}

fn value(metrics: &BTreeMap<String, Samples>, name: &str, wanted: &[(&str, &str)]) -> f64 {
    let samples = metrics.get(name).unwrap_or_else(|| panic!("no {name}"));
    let fits = |labels: &BTreeMap<String, String>| {
        let mut wanted = wanted.iter();
        wanted.all(|(name, value)| labels.get(*name).map(String::as_str) == Some(*value))
    };
    let found: Vec<_> = samples.iter().filter(|(labels, _)| fits(labels)).collect();
    assert_eq!(found.len(), 1, "{name}{wanted:?}: {samples:?}");
    found[0].1
}

#[tokio::test]
async fn metrics_tell_how_the_console_does_and_nothing_private() {
    let watched = watched().await;
    let console = &watched.console;
    let one = console.api(&format!("projects/{}", watched.project));
    let read = client()
        .get(&one)
        .bearer_auth(&watched.token)
        .send()
        .await
        .unwrap();
    assert_eq!(read.status(), 200);
    assert_eq!(get(&console.api("no-such-thing")).await.0, 404);
    assert_eq!(get(&console.api("projects")).await.0, 401);

    let (text, metrics) = settled(&watched).await;
    let is = |name: &str, labels: &[(&str, &str)]| value(&metrics, name, labels);
    let partner = [("partner", watched.partner.as_str())];
    assert!(is("efls_outbox_messages", &partner) >= 1.0);
    assert!(is("efls_outbox_oldest_seconds", &partner) >= 0.0);
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    assert!((is("efls_build_info", &version) - 1.0).abs() < f64::EPSILON);
    for part in ["database", "migrations", "storage", "background"] {
        assert!(
            (is("efls_ready", &[("part", part)]) - 1.0).abs() < f64::EPSILON,
            "{part}"
        );
    }
    assert!(is("efls_runs", &[("state", "running")]).abs() < f64::EPSILON);
    assert!(is("efls_database_connections_max", &[("pool", "reader")]) >= 1.0);
    assert!(is("efls_engine_jobs_max", &[]) >= 1.0);
    let route = "/api/v1/projects/{id}";
    let read = [("method", "GET"), ("route", route), ("status", "200")];
    assert!(is("efls_request_duration_seconds_count", &read) >= 1.0);
    let refused = [("route", "/api/v1/projects"), ("status", "401")];
    assert!(is("efls_request_duration_seconds_count", &refused) >= 1.0);
    let unknown = [("method", "GET"), ("route", "other"), ("status", "404")];
    assert!(is("efls_request_duration_seconds_count", &unknown) >= 1.0);
    let calls = &metrics["efls_peer_call_duration_seconds_count"];
    assert!(
        calls
            .iter()
            .any(|(labels, _)| labels["call"].starts_with("POST /project/peer")
                && labels["outcome"].starts_with("unreachable")),
        "{calls:?}"
    );
    for private in [&watched.project, &watched.token, "no-such-thing", "common", "ann"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    // Strangers reach the console's own port only.
    let (status, answer) = get(&format!("{}/metrics", console.address())).await;
    assert!(!answer.contains("efls_build_info"), "{status}: {answer}");
    let elsewhere = watched.metrics.replace("/metrics", "/api/v1/setup");
    assert_eq!(get(&elsewhere).await.0, 404);
}

/// The files of charts/efls-console/monitoring.
fn file(name: &str) -> String {
    let path = format!(
        "{}/../../charts/efls-console/monitoring/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}

/// Every query of a dashboard, with the variables as Grafana fills them in.
fn queries(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str().filter(|_| name == "expr") {
                    Some(query) => found.push(query.replace("$job", "efls-console")),
                    None => queries(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| queries(item, found)),
        _ => {}
    }
}

fn selectors<'a>(expr: &'a Expr, found: &mut Vec<&'a VectorSelector>) {
    match expr {
        Expr::Aggregate(aggregate) => selectors(&aggregate.expr, found),
        Expr::Unary(unary) => selectors(&unary.expr, found),
        Expr::Binary(binary) => {
            selectors(&binary.lhs, found);
            selectors(&binary.rhs, found);
        }
        Expr::Paren(paren) => selectors(&paren.expr, found),
        Expr::Subquery(query) => selectors(&query.expr, found),
        Expr::Call(call) => call.args.args.iter().for_each(|arg| selectors(arg, found)),
        Expr::VectorSelector(selector) => found.push(selector),
        Expr::MatrixSelector(matrix) => found.push(&matrix.vs),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

/// What is wrong with a query, looked at beside the metrics that there are.
fn wrong(query: &str, metrics: &BTreeMap<String, Samples>) -> Vec<String> {
    let expr = match parser::parse(query) {
        Ok(expr) => expr,
        Err(error) => return vec![format!("{query}: {error}")],
    };
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    selectors(&expr, &mut found);
    if found.is_empty() {
        wrong.push(format!("{query} asks for nothing"));
    }
    for selector in found {
        let name = selector.name.as_deref().unwrap_or_default();
        let Some(samples) = metrics.get(name) else {
            wrong.push(format!("{query}: there is no {name}"));
            continue;
        };
        for matcher in &selector.matchers.matchers {
            // Prometheus itself gives series this label.
            if matcher.name == "job" {
                continue;
            }
            let values: BTreeSet<_> = samples
                .iter()
                .filter_map(|(labels, _)| labels.get(&matcher.name))
                .collect();
            if values.is_empty() {
                wrong.push(format!("{query}: {name} has no label {}", matcher.name));
            }
            // States are all there at any time, so a wrong one is found.
            let is_list = matches!(matcher.op, MatchOp::Equal | MatchOp::Re(_) | MatchOp::NotRe(_));
            if matcher.name == "state" && is_list {
                let unknown = matcher
                    .value
                    .split('|')
                    .filter(|value| !values.contains(&(*value).to_owned()));
                wrong.extend(unknown.map(|value| format!("{query}: {name} has no state {value}")));
            }
        }
    }
    wrong
}

#[tokio::test]
async fn dashboard_and_alerts_ask_for_metrics_that_there_are() {
    let watched = watched().await;
    let (_, mut metrics) = settled(&watched).await;
    // Nothing was refused yet, so this has no series.
    let labels = BTreeMap::from([("status".to_owned(), "503".to_owned())]);
    metrics
        .entry("efls_refused_requests_total".to_owned())
        .or_insert_with(|| vec![(labels, 0.0)]);
    let mut asked = Vec::new();
    let dashboard: Value = serde_json::from_str(&file("grafana-dashboard.json")).unwrap();
    queries(&dashboard, &mut asked);
    let panels = dashboard["panels"].as_array().unwrap().len();
    assert!(asked.len() >= panels && panels > 10, "{} queries", asked.len());
    let alerts = file("alerts.yaml");
    let lines = alerts.lines().map(str::trim);
    let of_alerts: Vec<_> = lines
        .clone()
        .filter_map(|line| line.strip_prefix("expr: "))
        .collect();
    assert_eq!(
        of_alerts.len(),
        lines.filter(|line| line.starts_with("- alert: ")).count()
    );
    assert!(of_alerts.len() > 5);
    asked.extend(of_alerts.into_iter().map(str::to_owned));
    let wrong: Vec<_> = asked
        .iter()
        .flat_map(|query| self::wrong(query, &metrics))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The check itself finds what is not there.
    for query in [
        "efls_rnus",
        "efls_runs{stat=\"running\"}",
        "efls_runs{state=~\"running|runing\"}",
        "sum(efls_runs",
        "vector(1)",
    ] {
        assert!(!self::wrong(query, &metrics).is_empty(), "{query}");
    }
}
