//! What a figure could be at best: the same bytes from a bare route, the same queries without a console.

use std::sync::Mutex;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};
use console_db::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};

use crate::load::Request;

/// As many as a console has by default.
const WORKERS: usize = 2;

/// Serves bytes by a route that does nothing else, until this process ends. Gives the load of asking for them.
pub(crate) async fn bare_route(body: Bytes, at_a_time: usize) -> anyhow::Result<Request> {
    let server = HttpServer::new(move || {
        let body = body.clone();
        let answer = move || {
            let body = body.clone();
            async move {
                HttpResponse::Ok()
                    .insert_header((CONTENT_TYPE, "application/json"))
                    .body(body)
            }
        };
        App::new().route("/", web::get().to(answer))
    });
    let server = server.workers(WORKERS).disable_signals().bind(("127.0.0.1", 0))?;
    let url = format!("http://{}/", server.addrs()[0]);
    tokio::spawn(server.run());
    Ok(Request {
        url,
        token: None,
        body: None,
        at_a_time,
    })
}

/// A connection that notes what it is asked.
pub(crate) struct Recorder<'a> {
    db: &'a DatabaseConnection,
    statements: Mutex<Vec<Statement>>,
}

impl<'a> Recorder<'a> {
    /// Asks a database.
    pub(crate) fn new(db: &'a DatabaseConnection) -> Self {
        Self {
            db,
            statements: Mutex::default(),
        }
    }

    /// What was asked.
    pub(crate) fn into_statements(self) -> Vec<Statement> {
        self.statements.into_inner().unwrap_or_default()
    }

    fn note(&self, statement: &Statement) {
        if let Ok(mut statements) = self.statements.lock() {
            statements.push(statement.clone());
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Recorder<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(&statement);
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement);
        self.db.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement);
        self.db.query_all_raw(statement).await
    }
}
