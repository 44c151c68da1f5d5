//! The engine for Kubernetes clusters. Its settings and their defaults stand in `config/default.toml`; those of a cluster are
//! documented in `docs/KUBERNETES-ENGINE.md`.

use std::convert::Infallible;

use engine_kubernetes::{KubernetesConfig, KubernetesEngine};

use super::Plug;

pub(super) fn plug() -> Plug {
    let make = |settings| Ok::<_, Infallible>(KubernetesEngine::new(settings));
    Plug::documented(KubernetesEngine::NAME, KubernetesConfig::problems, make)
}
