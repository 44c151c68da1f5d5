//! Making the objects of an attempt.

use std::time::Duration;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::NamespaceResourceScope;
use task_interface::EngineError;
use tokio::time::Instant;

use super::Run;
use crate::access;
use crate::cluster::Trouble;
use crate::names;
use crate::reasons::{Hold, HoldKind};
use crate::render::{INSTANCE, MANAGED_BY, Renderer};

/// How long to wait between two tries.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What comes of a try.
enum Try {
    Done,
    /// Not now.
    Held(Hold),
}

impl Run<'_> {
    /// Makes the objects, as often as it takes until they are there.
    pub(super) async fn make(&self) -> Result<(), EngineError> {
        let within = Duration::from_secs(self.cluster.config.start_within_s.into());
        let begun = Instant::now();
        let (mut pause, mut told) = (FIRST_PAUSE, None);
        loop {
            let hold = match self.try_to_make().await? {
                Try::Done => return Ok(()),
                Try::Held(hold) => hold,
            };
            if begun.elapsed() >= within {
                return Err(hold.into_error(Some(within.as_secs())));
            }
            self.say(&mut told, hold.kind.text(), Some(hold.story())).await?;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// One try. An object that the cluster refuses ends the run; what only delays it is a hold.
    async fn try_to_make(&self) -> Result<Try, EngineError> {
        match self.make_all().await {
            Ok(None) => Ok(Try::Done),
            Ok(Some(hold)) => Ok(Try::Held(hold)),
            Err(trouble) if trouble.may_pass() => {
                let object = &self.cluster.name;
                Ok(Try::Held(Hold::new(HoldKind::Cluster, object, trouble.told())))
            }
            Err(Trouble::Forbidden(told)) => {
                // A missing right stays missing; a quota or a rule of admission may let it through later.
                let missing = access::missing(&self.cluster).await;
                match missing.map_err(|trouble| self.error(trouble))? {
                    missing if missing.is_empty() => {
                        let object = &self.cluster.name;
                        Ok(Try::Held(Hold::new(HoldKind::PodsRefused, object, &told)))
                    }
                    missing => {
                        let told = format!("{told}. Missing: {}", missing.join(", "));
                        Err(self.error(Trouble::Forbidden(told)))
                    }
                }
            }
            Err(trouble) => Err(self.error(trouble)),
        }
    }

    async fn make_all(&self) -> Result<Option<Hold>, Trouble> {
        let plan = &self.planned.plan;
        for name in &plan.needs_services {
            if self.cluster.get::<Service>(name).await?.is_none() {
                let told = format!("the image needs a Service {name} in the namespace");
                return Err(Trouble::NoService(told));
            }
        }
        if let Some(hold) = self.remove_earlier().await? {
            return Ok(Some(hold));
        }
        let renderer = self.renderer();
        let owner = self.cluster.apply(&renderer.owner(plan, None)).await?;
        if owner.metadata.deletion_timestamp.is_some() {
            return Ok(Some(Hold::new(HoldKind::Clearing, &name_of(&owner.metadata), "")));
        }
        let uid = owner.metadata.uid.clone().unwrap_or_default();
        let objects = renderer.objects(plan, &uid);
        // Nothing is made as long as one name is taken, so that all pods start together.
        if let Some(hold) = self.in_the_way(&objects, &uid).await? {
            return Ok(Some(hold));
        }
        if let Some(hold) = self.create_jobs(&objects.jobs, &owner.metadata).await? {
            return Ok(Some(hold));
        }
        // Their names follow from those of the Jobs, which are ours now.
        for service in &objects.services {
            self.cluster.apply(service).await?;
        }
        if let Some(ingress) = &objects.ingress {
            self.cluster.apply(ingress).await?;
        }
        Ok(None)
    }

    /// Jobs are created rather than applied: of two runs that found a name free, a creation fails for the slower one.
    async fn create_jobs(&self, jobs: &[Job], owner: &ObjectMeta) -> Result<Option<Hold>, Trouble> {
        let uid = owner.uid.as_deref().unwrap_or_default();
        for job in jobs {
            if self.cluster.create(job).await? {
                continue;
            }
            let found = self.cluster.get::<Job>(&name_of(&job.metadata)).await?;
            if let Some(hold) = taken(found.map(|found| found.metadata), uid)? {
                // What was made so far would stand in the other's way.
                self.cluster.remove_owner(&name_of(owner), Some(uid)).await?;
                return Ok(Some(hold));
            }
        }
        Ok(None)
    }

    /// Removes what earlier attempts of this run have left, and waits until it is gone.
    async fn remove_earlier(&self) -> Result<Option<Hold>, Trouble> {
        let (key, value) = MANAGED_BY;
        let run = names::token(&self.context.instance.id);
        let owners = self
            .cluster
            .owners(&format!("{key}={value},{INSTANCE}={run}"))
            .await?;
        let ours = names::of_attempt(&self.context.instance);
        let mut hold = None;
        for owner in owners {
            let name = name_of(&owner.metadata);
            let is_going = owner.metadata.deletion_timestamp.is_some();
            if name == ours && !is_going {
                continue;
            }
            if !is_going {
                self.cluster
                    .remove_owner(&name, owner.metadata.uid.as_deref())
                    .await?;
            }
            hold = Some(Hold::new(HoldKind::Clearing, &name, ""));
        }
        Ok(hold)
    }

    /// An object of another's that has one of our names.
    async fn in_the_way(&self, objects: &crate::render::Objects, uid: &str) -> Result<Option<Hold>, Trouble> {
        let hold = self
            .first_taken::<Job>(objects.jobs.iter().map(|job| &job.metadata), uid)
            .await?;
        if hold.is_some() {
            return Ok(hold);
        }
        let services = objects.services.iter().map(|service| &service.metadata);
        let hold = self.first_taken::<Service>(services, uid).await?;
        if hold.is_some() {
            return Ok(hold);
        }
        let ingress = objects.ingress.iter().map(|ingress| &ingress.metadata);
        self.first_taken::<Ingress>(ingress, uid).await
    }

    async fn first_taken<K>(
        &self,
        wanted: impl Iterator<Item = &ObjectMeta>,
        uid: &str,
    ) -> Result<Option<Hold>, Trouble>
    where
        K: kube::Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + serde::de::DeserializeOwned,
    {
        for metadata in wanted {
            let found = self.cluster.get::<K>(&name_of(metadata)).await?;
            if let Some(hold) = taken(found.map(|found| found.meta().clone()), uid)? {
                return Ok(Some(hold));
            }
        }
        Ok(None)
    }

    pub(super) fn renderer(&self) -> Renderer<'_> {
        Renderer {
            cluster: &self.cluster.config,
            instance: &self.context.instance,
            task: &self.context.task,
        }
    }
}

fn name_of(metadata: &ObjectMeta) -> String {
    metadata.name.clone().unwrap_or_default()
}

/// Whether an object that is there belongs to somebody else: to another run, which may end, or to a stranger.
fn taken(found: Option<ObjectMeta>, uid: &str) -> Result<Option<Hold>, Trouble> {
    let Some(metadata) = found else { return Ok(None) };
    let mut owners = metadata.owner_references.iter().flatten();
    if owners.any(|owner| owner.uid == uid) && metadata.deletion_timestamp.is_none() {
        return Ok(None);
    }
    let name = name_of(&metadata);
    let labels = metadata.labels.unwrap_or_default();
    if labels
        .get(MANAGED_BY.0)
        .is_none_or(|manager| manager != MANAGED_BY.1)
    {
        let told = format!("{name} is there already and does not belong to this console");
        return Err(Trouble::Rejected(told));
    }
    let kind = match metadata.deletion_timestamp {
        Some(_) => HoldKind::Clearing,
        None => HoldKind::NameInUse,
    };
    Ok(Some(Hold::new(kind, &name, "")))
}
