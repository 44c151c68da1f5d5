//! The rights that the engine needs on a cluster.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::Api;
use kube::api::PostParams;

use crate::cluster::{Cluster, Trouble, answer};

/// Group, resource, subresource and verbs of all that the engine does. The Role in `manifests/` grants the same.
pub(crate) const NEEDED: [(&str, &str, &str, &[&str]); 8] = [
    (
        "",
        "configmaps",
        "",
        &["get", "list", "create", "patch", "delete"],
    ),
    ("", "services", "", &["get", "list", "create", "patch", "delete"]),
    ("", "pods", "", &["get", "list", "watch"]),
    ("", "pods", "log", &["get"]),
    ("", "events", "", &["list", "watch"]),
    ("", "resourcequotas", "", &["list"]),
    ("batch", "jobs", "", &["get", "list", "watch", "create"]),
    ("networking.k8s.io", "ingresses", "", &["get", "create", "patch"]),
];

/// So many rights are asked about at a time.
const AT_A_TIME: usize = 8;

/// The rights that are missing, each as `verb resource.group`.
pub(crate) async fn missing(cluster: &Cluster) -> Result<Vec<String>, Trouble> {
    let mut asked = Vec::new();
    for (group, resource, subresource, verbs) in NEEDED {
        for verb in verbs {
            asked.push(lacks(cluster, (group, resource, subresource), verb));
        }
    }
    let answers: Vec<_> = stream::iter(asked).buffered(AT_A_TIME).try_collect().await?;
    Ok(answers.into_iter().flatten().collect())
}

/// A right by its name, if it is missing.
async fn lacks(
    cluster: &Cluster,
    (group, resource, subresource): (&str, &str, &str),
    verb: &str,
) -> Result<Option<String>, Trouble> {
    let reviews: Api<SelfSubjectAccessReview> = Api::all(cluster.client().clone());
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                group: Some(group.to_owned()),
                namespace: Some(cluster.config.namespace.clone()),
                resource: Some(resource.to_owned()),
                subresource: Some(subresource.to_owned()).filter(|text| !text.is_empty()),
                verb: Some(verb.to_owned()),
                ..ResourceAttributes::default()
            }),
            non_resource_attributes: None,
        },
        ..SelfSubjectAccessReview::default()
    };
    let params = PostParams::default();
    let reviewed = answer("SelfSubjectAccessReview", reviews.create(&params, &review)).await?;
    let below = if subresource.is_empty() { "" } else { "/" };
    let dot = if group.is_empty() { "" } else { "." };
    let is_allowed = reviewed.status.is_some_and(|status| status.allowed);
    Ok((!is_allowed).then(|| format!("{verb} {resource}{below}{subresource}{dot}{group}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules of a Role, as the files have them.
    fn rules() -> Vec<String> {
        let rule = |(group, resource, subresource, verbs): &(&str, &str, &str, &[&str])| {
            let group = if group.is_empty() { "\"\"" } else { group };
            let below = if subresource.is_empty() { "" } else { "/" };
            let verbs = verbs.join(", ");
            format!(
                "  - {{apiGroups: [{group}], resources: [{resource}{below}{subresource}], verbs: [{verbs}]}}"
            )
        };
        NEEDED.iter().map(rule).collect()
    }

    #[test]
    fn the_roles_that_are_deployed_grant_what_is_needed_and_no_more() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for file in [
            "manifests/components/kubernetes-engine/role.yaml",
            "charts/efls-console/templates/engine.yaml",
        ] {
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            let granted: Vec<_> = text
                .lines()
                .filter(|line| line.contains("apiGroups: ["))
                .collect();
            assert_eq!(granted, rules(), "{file}");
        }
    }
}
