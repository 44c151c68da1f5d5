//! The kinds that the server knows, and where their objects are.

use serde_json::{Value, json};

/// One kind of objects.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) name: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) namespaced: bool,
    /// What must be installed before it is served.
    pub(crate) needs: Option<Extra>,
}

/// What a cluster has only when somebody installed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    JobSet,
    Kueue,
    Gateway,
}

const fn kind(group: &'static str, version: &'static str, name: &'static str, plural: &'static str) -> Kind {
    Kind {
        group,
        version,
        name,
        plural,
        namespaced: true,
        needs: None,
    }
}

const fn cluster_wide(name: &'static str, plural: &'static str) -> Kind {
    Kind {
        group: "",
        version: "v1",
        name,
        plural,
        namespaced: false,
        needs: None,
    }
}

const fn extra(group: &'static str, version: &'static str, names: [&'static str; 2], needs: Extra) -> Kind {
    Kind {
        group,
        version,
        name: names[0],
        plural: names[1],
        namespaced: true,
        needs: Some(needs),
    }
}

static KINDS: [Kind; 17] = [
    kind("", "v1", "ConfigMap", "configmaps"),
    kind("", "v1", "Event", "events"),
    cluster_wide("Namespace", "namespaces"),
    cluster_wide("Node", "nodes"),
    kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    kind("", "v1", "Pod", "pods"),
    kind("", "v1", "ResourceQuota", "resourcequotas"),
    kind("", "v1", "Secret", "secrets"),
    kind("", "v1", "Service", "services"),
    kind("", "v1", "ServiceAccount", "serviceaccounts"),
    kind("batch", "v1", "Job", "jobs"),
    kind("networking.k8s.io", "v1", "Ingress", "ingresses"),
    kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    Kind {
        group: "authorization.k8s.io",
        version: "v1",
        name: "SelfSubjectAccessReview",
        plural: "selfsubjectaccessreviews",
        namespaced: false,
        needs: None,
    },
    extra(
        "jobset.x-k8s.io",
        "v1alpha2",
        ["JobSet", "jobsets"],
        Extra::JobSet,
    ),
    extra(
        "kueue.x-k8s.io",
        "v1beta1",
        ["LocalQueue", "localqueues"],
        Extra::Kueue,
    ),
    extra(
        "gateway.networking.k8s.io",
        "v1",
        ["GRPCRoute", "grpcroutes"],
        Extra::Gateway,
    ),
];

impl Kind {
    /// As an object says it.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.into()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The plural with its group, as messages say it: `jobs.batch`.
    pub(crate) fn resource(&self) -> String {
        dotted(self.plural, self.group)
    }

    /// The kind with its group, as messages say it: `Job.batch`.
    pub(crate) fn qualified(&self) -> String {
        dotted(self.name, self.group)
    }
}

fn dotted(name: &str, group: &str) -> String {
    if group.is_empty() {
        name.into()
    } else {
        format!("{name}.{group}")
    }
}

/// The kind with this address, whether installed or not.
pub(crate) fn at(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|kind| kind.group == group && kind.version == version && kind.plural == plural)
}

/// The kind that an object says it has.
pub(crate) fn of(object: &Value) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|kind| object["apiVersion"] == kind.api_version() && object["kind"] == kind.name)
}

/// The kind with this plural.
pub(crate) fn named(plural: &str) -> &'static Kind {
    KINDS
        .iter()
        .find(|kind| kind.plural == plural)
        .unwrap_or_else(|| panic!("no kind is called {plural}"))
}

/// What `/apis`, `/api/v1`, `/apis/GROUP` and `/apis/GROUP/VERSION` answer.
pub(crate) fn discovery(path: &[&str], has: impl Fn(Extra) -> bool) -> Option<Value> {
    let served = || KINDS.iter().filter(|kind| kind.needs.is_none_or(&has));
    match path {
        ["api"] => Some(json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})),
        ["api", "v1"] => Some(resources("v1", served().filter(|kind| kind.group.is_empty()))),
        ["apis"] => {
            let mut groups: Vec<_> = served()
                .filter(|kind| !kind.group.is_empty())
                .map(group)
                .collect();
            groups.dedup();
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
        }
        ["apis", name] => {
            let mut found = group(served().find(|kind| kind.group == *name)?);
            found["kind"] = "APIGroup".into();
            found["apiVersion"] = "v1".into();
            Some(found)
        }
        ["apis", name, version] => {
            let mut kinds = served()
                .filter(|kind| kind.group == *name && kind.version == *version)
                .peekable();
            kinds.peek()?;
            Some(resources(&format!("{name}/{version}"), kinds))
        }
        _ => None,
    }
}

fn group(kind: &Kind) -> Value {
    let version = json!({"groupVersion": kind.api_version(), "version": kind.version});
    json!({"name": kind.group, "versions": [version], "preferredVersion": version})
}

fn resources<'a>(version: &str, kinds: impl Iterator<Item = &'a Kind>) -> Value {
    let mut listed = Vec::new();
    for kind in kinds {
        let review = kind.name == "SelfSubjectAccessReview";
        let verbs: &[&str] = if review {
            &["create"]
        } else {
            &[
                "create",
                "delete",
                "deletecollection",
                "get",
                "list",
                "patch",
                "update",
                "watch",
            ]
        };
        listed.push(json!({
            "name": kind.plural, "singularName": kind.name.to_lowercase(), "namespaced": kind.namespaced,
            "kind": kind.name, "verbs": verbs,
        }));
        if kind.name == "Pod" {
            listed.push(json!({
                "name": "pods/log", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["get"],
            }));
        }
    }
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": listed})
}
