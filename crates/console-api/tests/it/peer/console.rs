//! A real console: database, background work and HTTP server on a free port.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use console_api::ApiSettings;
use console_api::connections::Connections;
use console_api::server::{self, ServerSettings};
use console_app::background::Background;
use console_app::engines::Engines;
use console_app::operator::Permissions;
use console_app::settings::StartOnPartnerRequest;
use console_app::{App, Operator, Parts, Settings, instances};
use console_db::{Db, DbConfig, DbUrl};
use console_model::{Role, UserId};
use console_peer::address::AddressPolicy;
use console_peer::client::ClientConfig;
use console_storage::{LocalConfig, ObjectStore, StorageConfig, StorageKind};
use task_interface::Engine;
use tokio_util::sync::CancellationToken;

/// A running console.
pub(crate) struct Console {
    pub(crate) app: App,
    pub(crate) url: String,
    pub(crate) at: SocketAddr,
    server: ServerHandle,
    background: Background,
    dir: Arc<tempfile::TempDir>,
    database: DbUrl,
}

/// Where a console is.
struct Place {
    dir: Arc<tempfile::TempDir>,
    database: DbUrl,
    listener: TcpListener,
}

impl Place {
    fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            database: DbUrl::sqlite(&dir.path().join("console.db")),
            dir: Arc::new(dir),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        }
    }
}

/// What is left of a console that was killed.
pub(crate) struct Killed {
    name: String,
    dir: Arc<tempfile::TempDir>,
    database: DbUrl,
    at: SocketAddr,
}

impl Killed {
    /// Starts it again, on the same folder and at the same address.
    pub(crate) async fn start(self, engine: impl Engine) -> Console {
        self.start_tuned(engine, |_| {}).await
    }

    /// As [`start`](Self::start), with other settings.
    pub(crate) async fn start_tuned(self, engine: impl Engine, tune: impl FnOnce(&mut Settings)) -> Console {
        let listener = until("the address is free", async || TcpListener::bind(self.at).ok()).await;
        let engines = Engines::default().with(engine);
        let place = Place {
            dir: self.dir,
            database: self.database,
            listener,
        };
        Console::start_in(&self.name, None, "", place, engines, tune).await
    }

    /// As [`start`](Self::start), at another address.
    pub(crate) async fn start_elsewhere(self, engine: impl Engine) -> Console {
        let place = Place {
            dir: self.dir,
            database: self.database,
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        };
        let engines = Engines::default().with(engine);
        Console::start_in(&self.name, None, "", place, engines, |_| {}).await
    }

    /// Its objects, to lose some of them.
    pub(crate) async fn store(&self) -> ObjectStore {
        store_in(&self.dir).await
    }
}

async fn store_in(dir: &tempfile::TempDir) -> ObjectStore {
    let storage = StorageConfig {
        kind: StorageKind::Local,
        local: LocalConfig {
            dir: dir.path().join("objects"),
        },
        ..StorageConfig::default()
    };
    ObjectStore::open(&storage).await.unwrap()
}

/// Somebody who may do everything.
pub(crate) fn root() -> Operator {
    Operator {
        id: UserId::parse("root-user").unwrap(),
        name: "root".to_owned(),
        role: Role::Root,
        permissions: Permissions {
            add_task: true,
            run: true,
        },
        request_id: "test".to_owned(),
    }
}

/// Somebody who may nothing but read.
pub(crate) fn reader() -> Operator {
    Operator {
        id: UserId::parse("reader").unwrap(),
        name: "reader".to_owned(),
        role: Role::Default,
        permissions: Permissions {
            add_task: false,
            run: false,
        },
        request_id: "test".to_owned(),
    }
}

impl Console {
    /// Every file of the console, its database included, that holds some bytes.
    pub(crate) fn files_with(&self, bytes: &[u8]) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if let Ok(content) = std::fs::read(entry.path())
                    && content.windows(bytes.len()).any(|part| part == bytes)
                {
                    found.push(entry.path());
                }
            }
        }
        found
    }

    pub(crate) async fn start(name: &str) -> Self {
        Self::start_behind(name, None).await
    }

    /// Everything but `/health` below a base path.
    pub(crate) async fn start_below(name: &str, base_path: &str) -> Self {
        Self::start_on_free_port(name, None, base_path, Engines::default()).await
    }

    /// As [`start`](Self::start); partners are told another address than the one that it listens at.
    pub(crate) async fn start_behind(name: &str, address: Option<&str>) -> Self {
        Self::start_on_free_port(name, address, "", Engines::default()).await
    }

    /// As [`start`](Self::start), with an engine.
    pub(crate) async fn start_with(name: &str, engine: impl Engine) -> Self {
        Self::start_on_free_port(name, None, "", Engines::default().with(engine)).await
    }

    /// As [`start_behind`](Self::start_behind), with an engine and other settings.
    pub(crate) async fn start_tuned(
        name: &str,
        address: Option<&str>,
        engine: impl Engine,
        tune: impl FnOnce(&mut Settings),
    ) -> Self {
        let engines = Engines::default().with(engine);
        Self::start_in(name, address, "", Place::fresh(), engines, tune).await
    }

    async fn start_on_free_port(
        name: &str,
        address: Option<&str>,
        base_path: &str,
        engines: Engines,
    ) -> Self {
        Self::start_in(name, address, base_path, Place::fresh(), engines, |_| {}).await
    }

    /// On a database that is there.
    pub(crate) async fn start_on(name: &str, database: DbUrl, engine: impl Engine) -> Self {
        let place = Place {
            database,
            dir: Arc::new(tempfile::tempdir().unwrap()),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        };
        Self::start_in(name, None, "", place, Engines::default().with(engine), |_| {}).await
    }

    /// Another process of the same console, on the same database and the same objects.
    pub(crate) async fn replica(&self, name: &str, engine: impl Engine) -> Self {
        let place = Place {
            database: self.database.clone(),
            dir: Arc::clone(&self.dir),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        };
        let engines = Engines::default().with(engine);
        Self::start_in(name, Some(&self.url), "", place, engines, |_| {}).await
    }

    async fn start_in(
        name: &str,
        address: Option<&str>,
        base_path: &str,
        place: Place,
        engines: Engines,
        tune: impl FnOnce(&mut Settings),
    ) -> Self {
        let Place {
            dir,
            database,
            listener,
        } = place;
        let at = listener.local_addr().unwrap();
        let url = format!("http://{at}{base_path}");
        let db = Db::connect(&DbConfig::new(database.clone())).await.unwrap();
        migration::apply(db.writer()).await.unwrap();
        let mut settings = Settings {
            console_name: name.to_owned(),
            base_url: address.unwrap_or(&url).to_owned(),
            node_id: name.to_owned(),
            ..Settings::default()
        };
        settings.federation.retry_first = Duration::from_millis(20);
        settings.federation.retry_most = Duration::from_millis(200);
        settings.federation.poll_every = Duration::from_millis(200);
        // Tests of consent ask; the others are about what comes after.
        settings.federation.start_on_partner_request = StartOnPartnerRequest::Always;
        tune(&mut settings);
        let policy = AddressPolicy {
            allow_loopback: true,
            ..AddressPolicy::default()
        };
        let parts = Parts {
            db,
            store: store_in(&dir).await,
            peer: ClientConfig {
                policy,
                total_timeout: Duration::from_secs(10),
                ..ClientConfig::default()
            },
            engines,
            settings,
        };
        let app = App::open(parts, CancellationToken::new()).await.unwrap();
        let background = Background::start(&app);
        let server = serve(&app, listener, base_path);
        Self {
            app,
            url,
            at,
            server,
            background,
            dir,
            database,
        }
    }

    /// Ends everything at once, as if the process were killed: nothing is written, nobody is told.
    pub(crate) async fn kill(self) -> Killed {
        self.app.shutdown().cancel();
        self.server.stop(false).await;
        self.background.ended().await;
        Killed {
            name: self.app.settings().console_name.clone(),
            dir: self.dir,
            database: self.database,
            at: self.at,
        }
    }

    pub(crate) async fn stop(self) {
        self.server.stop(false).await;
        self.app.shutdown().cancel();
        tokio::time::timeout(Duration::from_secs(10), self.background.ended())
            .await
            .expect("it ends in time");
        instances::drive::hand_over(&self.app).await.unwrap();
    }

    /// How many rows every table has that a partner's call could change.
    pub(crate) async fn counts(&self) -> Vec<(&'static str, u64)> {
        use console_db::entity;
        use console_db::sea_orm::{EntityTrait, PaginatorTrait};
        let db = self.app.db().reader();
        vec![
            (
                "partner",
                entity::partner::Entity::find().count(db).await.unwrap(),
            ),
            (
                "project",
                entity::project::Entity::find().count(db).await.unwrap(),
            ),
            (
                "task_intra",
                entity::task_intra::Entity::find().count(db).await.unwrap(),
            ),
            (
                "task_inter",
                entity::task_inter::Entity::find().count(db).await.unwrap(),
            ),
            (
                "task_instance",
                entity::task_instance::Entity::find().count(db).await.unwrap(),
            ),
            (
                "received_command",
                entity::received_command::Entity::find().count(db).await.unwrap(),
            ),
        ]
    }
}

fn serve(app: &App, listener: TcpListener, base_path: &str) -> ServerHandle {
    let settings = ApiSettings {
        base_path: base_path.to_owned(),
        ..ApiSettings::default()
    };
    let configure = console_api::configure(app.clone(), settings);
    let settings = ServerSettings {
        workers: 2,
        max_connections_per_worker: 10_000,
        headers_within: Duration::from_secs(30),
        shutdown_seconds: 30,
    };
    let places = Connections::new(10_000, 10_000, Vec::new());
    let server = server::start(listener, settings, places, configure).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    handle
}

/// Waits until a condition holds; fails after a while.
pub(crate) async fn until<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition().await {
            return found;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it never happened: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
