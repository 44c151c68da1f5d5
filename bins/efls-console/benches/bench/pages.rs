//! What operators' pages ask for, beside a bare route with the same bytes and the same queries alone.

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use console_db::instances::{self, InstanceFilter};
use console_db::sea_orm::Statement;
use console_db::{Cursor, Db, DbConfig, DbUrl, Page, naive, projects, sessions, tasks};
use console_model::ProjectId;
use reqwest::Method;
use serde_json::Value;

use crate::console::{Console, Place, credentials, items, text};
use crate::limits::{Recorder, bare_route};
use crate::load::{Load, Pace, Request, in_turns};
use crate::report::{Row, grouped};
use crate::sample::Samples;
use crate::seed;

/// Requests, or queries, under way at a time.
const AT_A_TIME: usize = 16;
/// A console compares so many passwords at a time.
const SIGN_INS_AT_A_TIME: usize = 2;
/// The rows of a page, as the API gives them when it is not told.
const PAGE: u64 = 50;
/// The rows of a page while the deep one is looked for.
const LONG_PAGE: u64 = 200;
/// The deep page is behind this share of all rows.
const DEEP: f64 = 0.9;
/// Two figures that differ by less are equal: so much two runs of the same load differ here.
const NOISE: f64 = 0.1;
/// The least share of a bare route's speed that `/health` should have.
const HEALTH_SHARE: f64 = 0.8;

/// A console with many rows, its database opened a second time, and how many rows there are.
pub(crate) struct Filled {
    pub(crate) console: Console,
    pub(crate) db: Db,
    pub(crate) rows: u64,
}

impl Filled {
    /// Starts a console on a database that was filled.
    pub(crate) async fn start(place: &Place, rows: u64) -> anyhow::Result<Self> {
        Ok(Self {
            console: Console::start_signed_in(place).await?,
            db: Db::connect(&DbConfig::new(DbUrl::parse(&place.database)?)).await?,
            rows,
        })
    }

    /// The queries of a page: who asks, and what is on it.
    async fn queries(
        &self,
        asks: impl AsyncFnOnce(&Recorder<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Load> {
        let recorder = Recorder::new(self.db.reader());
        let who = sessions::find(&recorder, &self.console.session_id(), Utc::now()).await?;
        anyhow::ensure!(who.is_some(), "the session is not there");
        asks(&recorder).await?;
        Ok(self.load(recorder.into_statements()))
    }

    fn load(&self, statements: Vec<Statement>) -> Load {
        Load::Queries {
            db: self.db.reader().clone(),
            statements,
            at_a_time: AT_A_TIME,
        }
    }

    async fn instances(&self, page: &Page) -> anyhow::Result<Load> {
        self.queries(async |db| {
            let found = instances::list(db, &InstanceFilter::default(), page).await?;
            anyhow::ensure!(found.len() as u64 == PAGE, "the page is not full");
            Ok(())
        })
        .await
    }

    fn request(&self, path: &str) -> Load {
        Load::Http(self.console.load(path, AT_A_TIME))
    }

    /// A part far down the list of runs, reached as a client does: page by page.
    async fn deep(&self) -> anyhow::Result<Part> {
        let pages = (self.rows as f64 * DEEP) as u64 / LONG_PAGE;
        let mut path = format!("instances?limit={LONG_PAGE}");
        let mut page = Value::Null;
        for _ in 0..pages {
            page = self.console.get(&path).await?;
            path = format!(
                "instances?limit={LONG_PAGE}&cursor={}",
                text(&page, "next_cursor")?
            );
        }
        let last = items(&page).last().cloned().unwrap_or_default();
        let cursor = Cursor {
            at: naive(text(&last, "created_at")?.parse::<DateTime<Utc>>()?),
            id: text(&last, "id")?.to_owned(),
        };
        Ok(Part {
            path: format!("instances?cursor={}", text(&page, "next_cursor")?),
            page: Page::after(PAGE, cursor),
        })
    }
}

/// A part of the list of runs: how the API is asked for it, and how the database is.
struct Part {
    path: String,
    page: Page,
}

impl Part {
    fn first() -> Self {
        Self {
            path: "instances".to_owned(),
            page: Page::first(PAGE),
        }
    }
}

/// `/health`, beside a bare route.
pub(crate) async fn health(pace: Pace, console: &Console) -> anyhow::Result<Row> {
    let bare = Load::Http(bare_route(Bytes::from_static(b"OK"), AT_A_TIME).await?);
    let health = Load::Http(Request {
        url: format!("{}/health", console.address),
        token: None,
        body: None,
        at_a_time: AT_A_TIME,
    });
    let [ours, limit] = in_turns(pace, [&health, &bare]).await?;
    let row = Row::rate("GET /health", &ours).beside("bare route", &ours, &limit);
    let met = row.ratio() >= HEALTH_SHARE;
    Ok(row.goal(format!(">= {HEALTH_SHARE:.2} of the bare route"), met))
}

/// Who-am-I, and the lists of projects and of tasks.
pub(crate) async fn small_lists(pace: Pace, at: &Filled) -> anyhow::Result<Vec<Row>> {
    let first = Page::first(PAGE);
    let project = ProjectId::parse(&seed::project_with_tasks())?;
    let who = at.queries(async |_| Ok(())).await?;
    let projects = at.queries(async |db| {
        projects::list(db, &projects::ProjectFilter::default(), &first).await?;
        Ok(())
    });
    let tasks = at.queries(async |db| {
        projects::find(db, &project).await?;
        tasks::list_roots(db, &project, false, &first).await?;
        Ok(())
    });
    let (projects, tasks) = (projects.await?, tasks.await?);
    let project_list = format!("project list, {PAGE} of {}", seed::PROJECTS);
    let task_list = format!("task list, {PAGE} of {}", grouped(seed::TASKS));
    let tasks_path = format!("projects/{project}/tasks");
    Ok(vec![
        page(pace, at, "who-am-I", "session", &who).await?,
        page(pace, at, &project_list, "projects", &projects).await?,
        page(pace, at, &task_list, &tasks_path, &tasks).await?,
    ])
}

async fn page(pace: Pace, at: &Filled, what: &str, path: &str, queries: &Load) -> anyhow::Result<Row> {
    let bare = bare_page(&at.console, path).await?;
    let [ours, bare, queries] = in_turns(pace, [&at.request(path), &bare, queries]).await?;
    Ok(with_limits(what.to_owned(), &ours, &bare, &queries))
}

/// The same bytes as a page, from a bare route.
async fn bare_page(console: &Console, path: &str) -> anyhow::Result<Load> {
    let answer = console
        .request(Method::GET, path)
        .send()
        .await?
        .error_for_status()?;
    Ok(Load::Http(bare_route(answer.bytes().await?, AT_A_TIME).await?))
}

fn with_limits(what: String, ours: &Samples, bare: &Samples, queries: &Samples) -> Row {
    Row::rate(what, ours)
        .beside("queries alone", ours, queries)
        .beside("bare route", ours, bare)
}

/// The list of runs with few and with many of them: the first page and a deep one. No page should be slower among many.
pub(crate) async fn instance_lists(pace: Pace, few: &Filled, many: &Filled) -> anyhow::Result<Vec<Row>> {
    let mut rows = compared(pace, "first", (few, Part::first()), (many, Part::first())).await?;
    let deep = (few.deep().await?, many.deep().await?);
    rows.extend(compared(pace, "deep", (few, deep.0), (many, deep.1)).await?);
    Ok(rows)
}

async fn compared(
    pace: Pace,
    what: &str,
    (few, part_of_few): (&Filled, Part),
    (many, part_of_many): (&Filled, Part),
) -> anyhow::Result<Vec<Row>> {
    let loads = [
        &few.request(&part_of_few.path),
        &many.request(&part_of_many.path),
        &few.instances(&part_of_few.page).await?,
        &many.instances(&part_of_many.page).await?,
        &bare_page(&many.console, &part_of_many.path).await?,
    ];
    let [of_few, of_many, few_queries, many_queries, bare] = in_turns(pace, loads).await?;
    let (few, many) = (grouped(few.rows), grouped(many.rows));
    let name = |rows: &str| format!("run list, {what} page of {rows} rows");
    let (ratio, least) = (of_many.ratio_to(&of_few), 1.0 - NOISE);
    Ok(vec![
        with_limits(name(&few), &of_few, &bare, &few_queries),
        with_limits(name(&many), &of_many, &bare, &many_queries)
            .beside(format!("{few} rows"), &of_many, &of_few)
            .goal(format!(">= {least:.2} of {few} rows"), ratio >= least),
    ])
}

/// Signing in, beside the comparison of the password alone.
pub(crate) async fn sign_in(pace: Pace, at: &Filled) -> anyhow::Result<Row> {
    let users = console_db::users::find_by_name(at.db.reader(), crate::console::USER).await?;
    let hash = Load::Hash {
        phc: users.map(|user| user.password).unwrap_or_default(),
        at_a_time: SIGN_INS_AT_A_TIME,
    };
    let sign_in = Load::Http(Request {
        url: format!("{}/api/v1/session", at.console.address),
        token: None,
        body: Some(credentials().to_string()),
        at_a_time: SIGN_INS_AT_A_TIME,
    });
    let [ours, limit] = in_turns(pace, [&sign_in, &hash]).await?;
    Ok(Row::rate("sign-in", &ours).beside("Argon2 alone", &ours, &limit))
}
