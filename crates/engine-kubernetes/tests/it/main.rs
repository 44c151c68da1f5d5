//! The engine on a cluster's API server over HTTP, a stand-in that answers as real ones were recorded to and holds every
//! object against the schemas of Kubernetes.

mod conformance;
mod ends;
mod logs;
mod places;
mod support;
mod tidy;
mod trouble;
