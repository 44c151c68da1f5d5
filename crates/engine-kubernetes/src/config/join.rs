//! A join of the SAMPLE image: one pod submits a job to a Flink session cluster.

use super::fields::Fields;
use super::{Ground, image, name, pull_secret};
use crate::plan::{FlinkPlan, Member, Plan};
use crate::words::both;

/// Settings and what the original's form puts in where they are empty.
const DEFAULTS: [(&str, &str); 5] = [
    ("bucket_num", "8"),
    ("run_mode", "k8s"),
    ("batch_size", "10240"),
    ("file_part_size", "65536"),
    ("wait_s", "18000"),
];
/// Settings of a client alone. A server's config may have them, too.
const OF_CLIENTS: [&str; 4] = ["ingress_ip", "port", "host", "tls_path"];
const TLS_PATH: &str = "/xfl/deploy/quickstart/tls.crt";
/// Flags of the image that the original never forwards.
const FURTHER: [&str; 10] = [
    "use_psi",
    "psi_type",
    "rsa_pub_path",
    "rsa_pri_path",
    "need_sort",
    "inputfile_type",
    "loaddata_parallelism",
    "client2multiserver",
    "sample_store_type",
    "db_root_path",
];
/// The most buckets whose Services are removed one by one.
const MAX_BUCKETS: u32 = 4096;

pub(super) fn plan(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Plan {
    let job_name = name(fields, "job_name", "-server".len(), true);
    let is_server = fields.flag("is_server");
    if is_server.is_none() {
        fields.missing("is_server");
    }
    let is_server_text = fields.text_or("is_server", "");
    let is_server = is_server.unwrap_or(true);
    let flink = flink_cluster(fields);
    let text_of = |fields: &mut Fields<'_>, key: &'static str| {
        let default = DEFAULTS.iter().find(|(of, _)| *of == key);
        match default {
            Some((_, default)) => fields.text_or(key, default),
            None => fields.needed(key),
        }
    };
    let mut command: Vec<String> = ["/opt/flink/bin/flink", "run", "--target", "kubernetes-session"]
        .map(String::from)
        .to_vec();
    command.push(format!("-Dkubernetes.cluster-id={flink}"));
    command.extend(["--python", "/xfl/xfl/data/main/run_data_join.py"].map(String::from));
    command.extend(["-i".to_owned(), fields.needed("input_path")]);
    command.extend(["-o".to_owned(), fields.needed("output_path")]);
    let mut flag = |key: &str, value: String| command.push(format!("--{key}={value}"));
    flag("job_name", job_name.clone());
    for key in ["bucket_num", "hash_col_name", "sort_col_name"] {
        flag(key, text_of(fields, key));
    }
    flag("is_server", is_server_text);
    fields.known(&OF_CLIENTS);
    if !is_server {
        for key in &OF_CLIENTS[..3] {
            flag(key, fields.needed(key));
        }
    }
    for key in ["run_mode", "batch_size", "file_part_size", "wait_s"] {
        flag(key, text_of(fields, key));
    }
    if !is_server {
        flag("tls_path", fields.text_or("tls_path", TLS_PATH));
    }
    for key in FURTHER {
        if let Some(value) = fields.text(key) {
            flag(key, value);
        }
    }
    flag(
        "jars",
        "file:///xfl/lib/efls-flink-connectors-1.0-SNAPSHOT.jar".to_owned(),
    );
    let buckets = fields.whole("bucket_num", 1..=MAX_BUCKETS).unwrap_or(8);
    let suffix = if is_server { "server" } else { "client" };
    let member = Member {
        name: format!("{job_name}-{suffix}"),
        role: "job-submit".to_owned(),
        container: "job-submit".to_owned(),
        image: image(fields, ground),
        pull_secret: pull_secret(fields, ground),
        always_pull: true,
        command,
        counts: true,
        uses_api: true,
        ..Member::default()
    };
    Plan {
        members: vec![member],
        flink: Some(FlinkPlan {
            cluster: flink,
            app: job_name,
            buckets,
        }),
        ..Plan::default()
    }
}

/// The Flink session cluster; the original misspells its key.
fn flink_cluster(fields: &mut Fields<'_>) -> String {
    let spelt = fields.text("flink_cluster");
    let cluster = fields.text("flink_claster").or(spelt);
    let cluster = cluster.unwrap_or_else(|| {
        fields.missing("flink_claster");
        String::new()
    });
    if !cluster.is_empty() && !crate::names::is_label(&cluster) {
        let text = both(
            "the name of a Flink cluster has 1 to 63 of a-z, 0-9 and -",
            "Flink 集群名称由 1 到 63 个 a-z、0-9 和 - 组成",
        );
        fields.wrong("flink_claster", "not_a_name", text);
    }
    cluster
}
