//! An engine that runs jobs on Kubernetes clusters: the joins and trainings of the EFLS images, as the original console
//! starts them, and jobs of any other image.
//!
//! The administrator names the clusters ([`KubernetesConfig`]); a task names one of them. A job's two halves talk to each
//! other over a transport of their own, so that the partner may run the original console.
#![doc = include_str!("../../../docs/KUBERNETES-ENGINE.md")]

mod access;
mod check;
mod cluster;
mod config;
mod engine;
mod logs;
mod names;
mod plan;
mod reasons;
mod render;
mod run;
mod settings;
mod tidy;
mod view;
mod words;

pub use engine::KubernetesEngine;
pub use settings::{ClusterConfig, Found, IngressConfig, KubernetesConfig, TolerationConfig, VolumeConfig};
