//! A feature increment of the SAMPLE image: pods that share the work of joining tables of our own.

use super::fields::Fields;
use super::{Ground, data_volume, image, name, pull_secret};
use crate::names;
use crate::plan::{Member, Plan, Pods};
use crate::words::both;

/// The queue of the image's work.
const QUEUE_SERVICE: &str = "redis";

pub(super) fn plan(fields: &mut Fields<'_>, ground: &Ground<'_>) -> Plan {
    let job_name = name(fields, "job_name", 0, true);
    let mut command: Vec<String> = ["python", "-m", "xfl.data.main.run_wq_local_join"]
        .map(String::from)
        .to_vec();
    // The image's queue outlives the job under this name: with the name of an earlier attempt nothing would be done.
    let run = names::token(&ground.instance.id);
    let queue = format!(
        "{job_name}-{}-{}",
        &run[..run.len().min(8)],
        ground.instance.attempt
    );
    command.push(format!("--job_name={queue}"));
    command.push(format!("--input_dir={}", fields.needed("input_path")));
    command.push(format!("--output_dir={}", fields.needed("output_path")));
    command.push(format!("--split_num={}", fields.needed("split_num")));
    let [left, right, aux] = ["left_key", "right_key", "aux_table"].map(|key| {
        let texts = fields.texts(key);
        if texts.is_empty() {
            fields.missing(key);
        }
        texts
    });
    if left.len() != right.len() || left.len() != aux.len() {
        let text = both(
            "there must be as many keys of the input, keys of the further tables and further tables",
            "“输入表的键”、“附加表的键”和“附加表”的条目数必须相同",
        );
        fields.wrong("aux_table", "lengths_differ", text);
    }
    for ((left, right), aux) in left.iter().zip(&right).zip(&aux) {
        command.push(format!("--left_key={left}"));
        command.push(format!("--right_key={right}"));
        command.push(format!("--aux_table={aux}"));
    }
    if let Some(seconds) = fields.whole("timeout_s", 1..=u32::MAX) {
        command.push(format!("--timeout_s={seconds}"));
    }
    let workers = fields.needed_whole("worker_num", 1..=ground.cluster.max_pods);
    let member = Member {
        name: job_name,
        role: "worker".to_owned(),
        container: "worker".to_owned(),
        image: image(fields, ground),
        pull_secret: pull_secret(fields, ground),
        command,
        volumes: data_volume(fields, ground),
        pods: Pods::WorkQueue(workers),
        retries: 1,
        counts: true,
        ..Member::default()
    };
    Plan {
        members: vec![member],
        needs_services: vec![QUEUE_SERVICE.to_owned()],
        ..Plan::default()
    }
}
