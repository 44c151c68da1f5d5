//! How members are reached: Services and the Ingress.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Renderer, filled, some};
use crate::plan::{IngressPlan, ServicePlan};

impl Renderer<'_> {
    pub(super) fn service(&self, plan: &ServicePlan, owned: &impl Fn(ObjectMeta) -> ObjectMeta) -> Service {
        let (port, target) = plan.ports;
        Service {
            metadata: owned(self.metadata(&plan.name, BTreeMap::new())),
            spec: Some(ServiceSpec {
                cluster_ip: plan.headless.then(|| "None".to_owned()),
                // Pods of a role look for each other before they are ready.
                publish_not_ready_addresses: plan.headless.then_some(true),
                ports: Some(vec![ServicePort {
                    port: port.into(),
                    target_port: Some(IntOrString::Int(target.into())),
                    ..ServicePort::default()
                }]),
                selector: Some(plan.selector.clone()),
                type_: Some("ClusterIP".to_owned()),
                ..ServiceSpec::default()
            }),
            status: None,
        }
    }

    pub(super) fn ingress(&self, plan: &IngressPlan, owned: &impl Fn(ObjectMeta) -> ObjectMeta) -> Ingress {
        let rules = plan.rules.iter().map(|(host, service, port)| IngressRule {
            host: Some(host.clone()),
            http: Some(HTTPIngressRuleValue {
                paths: vec![HTTPIngressPath {
                    backend: backend(service, *port),
                    path: Some("/".to_owned()),
                    path_type: "Prefix".to_owned(),
                }],
            }),
        });
        let tls = plan.rules.iter().map(|(host, ..)| IngressTLS {
            hosts: Some(vec![host.clone()]),
            secret_name: Some(plan.tls_secret.clone()),
        });
        let mut metadata = self.metadata(&plan.name, BTreeMap::new());
        metadata.annotations = some(plan.annotations.clone());
        Ingress {
            metadata: owned(metadata),
            spec: Some(IngressSpec {
                default_backend: None,
                ingress_class_name: filled(&self.cluster.ingress.class),
                rules: Some(rules.collect()),
                tls: Some(tls.collect()),
            }),
            status: None,
        }
    }
}

fn backend(service: &str, port: u16) -> IngressBackend {
    IngressBackend {
        resource: None,
        service: Some(IngressServiceBackend {
            name: service.to_owned(),
            port: Some(ServiceBackendPort {
                name: None,
                number: Some(port.into()),
            }),
        }),
    }
}
