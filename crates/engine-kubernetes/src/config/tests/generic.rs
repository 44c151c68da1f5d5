use super::*;

fn generic() -> Value {
    json!({
        "job_type": "generic", "docker_image": "registry.example/efls/any:2", "volumes": "nas-pv-storage",
        "roles": [
            {"name": "chief", "command": ["run", "a b; c"], "env": {"A": 1}, "core": 1, "memory": 64},
            {"name": "worker", "replicas": 2, "core": 1, "memory": 64, "port": 7000},
            {"name": "ps", "core": 1, "memory": 64, "serves": "true", "args": "x,y"},
        ],
    })
}

#[test]
fn a_generic_job_has_roles_that_know_each_other() {
    let plan = planned(TaskKind::Train, &generic());
    let base = "efls-0123456789abcdef0123456789abcdef-1";
    let [chief, worker, ps] = plan.members.as_slice() else {
        panic!("three roles")
    };
    assert_eq!(chief.command, ["run", "a b; c"]);
    assert_eq!(
        (worker.pods, worker.counts, ps.counts),
        (Pods::Indexed(2), true, false)
    );
    let worker_name = format!("{base}-worker");
    let addresses = format!("{worker_name}-0.{worker_name}:7000,{worker_name}-1.{worker_name}:7000");
    for member in &plan.members {
        assert!(
            member
                .env
                .contains(&("EFLS_ADDRESSES_WORKER".to_owned(), addresses.clone()))
        );
    }
    assert!(chief.env.contains(&("A".to_owned(), "1".to_owned())));
    assert_eq!(worker.subdomain.as_deref(), Some(worker_name.as_str()));
    let objects = objects(TaskKind::Train, &generic());
    let service = named(&objects, &worker_name.clone());
    assert_eq!(service["kind"], "Job");
    let spec = &service["spec"];
    assert_eq!(
        (&spec["completionMode"], &spec["completions"]),
        (&json!("Indexed"), &json!(2))
    );
    assert_eq!(spec["template"]["spec"]["automountServiceAccountToken"], false);
}

#[test]
fn a_generic_job_takes_nothing_that_is_not_allowed() {
    let role = |key: &str, value: Value| {
        let mut config = generic();
        config["roles"][1][key] = value;
        config
    };
    for (config, code) in [
        (with(generic(), "volumes", json!(["host"])), "volume_refused"),
        (with(generic(), "roles", json!([])), "not_in_range"),
        (role("name", json!("chief")), "name_twice"),
        (role("name", json!("much-too-long-a-name")), "not_a_name"),
        (role("hostPath", json!("/")), "setting_unknown"),
        (role("env", json!({"A B": "1"})), "variable_refused"),
        (role("port", json!(70000)), "not_in_range"),
        (role("host_name", json!("w")), "domain_missing"),
    ] {
        let codes: Vec<_> = problems(TaskKind::Sample, &config)
            .into_iter()
            .map(|(_, code)| code)
            .collect();
        assert!(codes.contains(&code.to_owned()), "{code} is not in {codes:?}");
    }
}

#[test]
fn the_schemas_take_what_the_engine_takes() {
    for (kind, config) in [
        (TaskKind::Sample, join("True")),
        (TaskKind::Train, train()),
        (TaskKind::Train, generic()),
        (TaskKind::Sample, generic()),
    ] {
        let schema = schema::of(kind, &["main"]);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let mut config = config;
        // A form writes it so; the engine reads the original's way of writing as well.
        if config.get("is_server").is_some() {
            config["is_server"] = json!("true");
        }
        if let Err(error) = validator.validate(&config) {
            panic!("{kind:?}: {error}");
        }
        assert!(!validator.is_valid(&json!({})), "{kind:?}");
    }
}

#[test]
fn every_setting_of_a_schema_has_texts_in_both_languages() {
    fn walk(schema: &Value, count: &mut usize) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            *count += 1;
            let chinese = &property["x-i18n"]["zh"];
            for text in [
                &property["title"],
                &property["description"],
                &chinese["title"],
                &chinese["description"],
            ] {
                assert!(
                    text.as_str().is_some_and(|text| !text.is_empty()),
                    "{key}: {property}"
                );
            }
            walk(property, count);
            walk(&property["items"], count);
        }
    }
    let mut count = 0;
    for kind in [TaskKind::Sample, TaskKind::Train] {
        walk(&schema::of(kind, &[]), &mut count);
    }
    assert!(count > 60, "{count}");
}

#[test]
fn a_setting_says_for_which_kind_of_job_it_is() {
    let schema = schema::of(TaskKind::Sample, &[]);
    let of = |key: &str| &schema["properties"][key];
    assert_eq!(schema["required"], json!(["docker_image"]));
    assert_eq!(of("docker_image").get("x-when"), None);
    let join = json!({"setting": "job_type", "is_not": ["feature-inc", "generic"]});
    assert_eq!(of("bucket_num")["x-when"], join);
    assert_eq!(
        of("job_name")["x-when"],
        json!({"setting": "job_type", "is_not": ["generic"]})
    );
    assert_eq!(of("job_name")["x-shared-when"], join);
    assert_eq!(
        of("roles")["x-when"],
        json!({"setting": "job_type", "is": ["generic"]})
    );
    assert_eq!(
        (&of("roles")["x-needed"], of("cluster").get("x-needed")),
        (&json!(true), None)
    );
}
