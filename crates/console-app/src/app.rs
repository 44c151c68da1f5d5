use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use console_db::Db;
use console_peer::client::{CallObserver, ClientConfig, PeerClient};
use console_peer::identity::IdentityKey;
use console_storage::ObjectStore;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::changes::Feed;
use crate::engines::Engines;
use crate::federation::guesses::Guesses;
use crate::instances::drive;
use crate::instances::jobs::Jobs;
use crate::monitoring::Monitoring;
use crate::objects::quota::Uploads;
use crate::partners::contact::Greeted;
use crate::reached_limits::Noted;
use crate::reconcile::Statuses;
use crate::refused_calls::RefusedCalls;
use crate::refused_requests::RefusedRequests;
use crate::{AppError, Settings, identity};

/// What a console is made of; the binary puts it together.
pub struct Parts {
    /// The database, migrated.
    pub db: Db,
    /// The object store.
    pub store: ObjectStore,
    /// How partners are called.
    pub peer: ClientConfig,
    /// The engines.
    pub engines: Engines,
    /// What an administrator has set.
    pub settings: Settings,
}

/// A console: what every use-case works on. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    store: ObjectStore,
    engines: Engines,
    settings: Settings,
    peer: PeerClient,
    identity: Arc<IdentityKey>,
    wake: Wake,
    jobs: Jobs,
    statuses: Statuses,
    feed: Feed,
    shutdown: CancellationToken,
    refused_peer_calls: AtomicU64,
    refused_calls: RefusedCalls,
    refused_requests: RefusedRequests,
    noted_limits: Noted,
    greeted: Greeted,
    uploads: Uploads,
    guesses: Guesses,
    monitoring: Arc<Monitoring>,
    draining: AtomicBool,
}

/// Wakes background work when there is something to do, so that its timer need not be short.
#[derive(Default)]
pub struct Wake {
    /// A message to a partner was queued.
    pub outbox: Notify,
    /// An instance wants to start or to stop.
    pub runs: Notify,
    /// A run at a partner wants watching.
    pub watch: Notify,
    /// A partner asks for a run.
    pub consents: Notify,
    /// Partners that were not heard lately.
    pub contacts: Notify,
    /// What a run wrote may be shown now, or has to go.
    pub outputs: Notify,
    /// A limit may be reached no more.
    pub limits: Notify,
    /// There may be something to tidy up.
    pub sweep: Notify,
    /// A run may have left something in the object store.
    pub leftovers: Notify,
    /// A run may have left something where its engine works.
    pub engines: Notify,
    /// Somebody wants to know what is in a table.
    pub profiles: Notify,
}

impl App {
    /// Opens a console on a migrated database: makes its identity at the first start.
    ///
    /// # Errors
    /// When the database does not answer, or holds an identity that cannot be read.
    pub async fn open(parts: Parts, shutdown: CancellationToken) -> Result<Self, AppError> {
        let Parts {
            db,
            store,
            peer,
            engines,
            settings,
        } = parts;
        let identity = Arc::new(identity::load_or_create(&db).await?);
        let monitoring = Arc::new(Monitoring::default());
        let observer = {
            let monitoring = Arc::clone(&monitoring);
            CallObserver::new(move |observed| monitoring.peer_call(observed))
        };
        let peer = PeerClient::new(peer, Arc::clone(&identity))
            .map_err(AppError::internal)?
            .observed_by(observer);
        let jobs = Jobs::new(settings.runs.at_most);
        let (wake, statuses) = (Wake::default(), Statuses::default());
        let app = Self(Arc::new(Inner {
            db,
            store,
            engines,
            settings,
            peer,
            identity,
            wake,
            jobs,
            statuses,
            feed: Feed::default(),
            shutdown,
            refused_peer_calls: AtomicU64::new(0),
            refused_calls: RefusedCalls::default(),
            refused_requests: RefusedRequests::default(),
            noted_limits: Noted::default(),
            greeted: Greeted::default(),
            uploads: Uploads::default(),
            guesses: Guesses::default(),
            monitoring,
            draining: AtomicBool::new(false),
        }));
        drive::recover(&app).await?;
        Ok(app)
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The object store.
    #[must_use]
    pub fn store(&self) -> &ObjectStore {
        &self.0.store
    }

    /// The way to partners.
    #[must_use]
    pub fn peer(&self) -> &PeerClient {
        &self.0.peer
    }

    /// The engines.
    #[must_use]
    pub fn engines(&self) -> &Engines {
        &self.0.engines
    }

    /// What an administrator has set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Our key.
    #[must_use]
    pub fn identity(&self) -> &IdentityKey {
        &self.0.identity
    }

    /// Wakes background work.
    #[must_use]
    pub fn wake(&self) -> &Wake {
        &self.0.wake
    }

    /// The jobs that this process runs.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// How the background work is doing.
    #[must_use]
    pub fn statuses(&self) -> &Statuses {
        &self.0.statuses
    }

    /// The changes on their way to the listeners of this process.
    pub(crate) fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// How many calls in the name of a partner were refused since the start of the process.
    #[must_use]
    pub fn refused_peer_calls(&self) -> &AtomicU64 {
        &self.0.refused_peer_calls
    }

    /// The last calls that were refused, for operators.
    #[must_use]
    pub fn refused_calls(&self) -> &RefusedCalls {
        &self.0.refused_calls
    }

    /// How many requests were refused for want of room or time.
    #[must_use]
    pub fn refused_requests(&self) -> &RefusedRequests {
        &self.0.refused_requests
    }

    /// The reached limits that this process has noted lately.
    pub(crate) fn noted_limits(&self) -> &Noted {
        &self.0.noted_limits
    }

    /// The partners that this process has told its address.
    pub(crate) fn greeted(&self) -> &Greeted {
        &self.0.greeted
    }

    /// The uploads that are under way.
    pub(crate) fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// The wrong tokens of unsigned callers.
    pub(crate) fn guesses(&self) -> &Guesses {
        &self.0.guesses
    }

    /// What a monitoring system is told of.
    #[must_use]
    pub fn monitoring(&self) -> &Monitoring {
        &self.0.monitoring
    }

    /// Says from now on that this process is about to end, while it works on as before.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether this process is about to end, so that requests should go to another.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// Cancelled when the process ends.
    #[must_use]
    pub fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }
}
