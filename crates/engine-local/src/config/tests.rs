use super::reading::parse;
use super::*;
use crate::input::Limit;

#[test]
fn defaults_are_those_of_the_documentation() {
    let sample: SampleConfig = parse(&SampleConfig::smallest()).unwrap();
    assert_eq!(
        (sample.result, sample.delimiter.as_str(), sample.has_header),
        (ResultMode::Both, "auto", true)
    );
    let train: TrainConfig = parse(&TrainConfig::smallest()).unwrap();
    assert_eq!((train.epochs, train.batch_size, train.seed), (30, 256, 1));
    assert_eq!(
        (
            train.learning_rate,
            train.l2,
            train.validation_fraction,
            train.noise_sigma
        ),
        (0.1, 1e-4, 0.2, 0.0)
    );
}

#[test]
fn every_wrong_key_is_named() {
    let config = json!({"id_columns": "id", "a/b": 1, "has_header": 1, "delimiter": ","});
    let mut pointers: Vec<_> = parse::<SampleConfig>(&config).unwrap_err();
    pointers.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    let pointers: Vec<_> = pointers.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(pointers, ["", "/a~1b", "/has_header", "/id_columns"]);
}

#[test]
fn values_out_of_range_are_named() {
    for (key, value) in [
        ("epochs", json!(0)),
        ("batch_size", json!(0)),
        ("learning_rate", json!(0)),
        ("l2", json!(-1)),
        ("validation_fraction", json!(1)),
        ("noise_sigma", json!(-0.5)),
        ("output", json!("../x")),
        ("delimiter", json!("\n")),
        ("label", json!("")),
        ("input", json!("")),
        ("features", json!(["x", "x"])),
    ] {
        let mut config = TrainConfig::smallest();
        config[key] = value;
        let problems = parse::<TrainConfig>(&config).unwrap_err();
        assert_eq!(problems[0].pointer, format!("/{key}"));
    }
    assert!(parse::<SampleConfig>(&json!({"input": "x", "id_columns": []})).is_err());
}

#[test]
fn a_form_has_a_title_help_and_place_for_every_setting_in_both_languages() {
    for schema in [schema::<SampleConfig>(), schema::<TrainConfig>()] {
        for (key, setting) in schema["properties"].as_object().unwrap() {
            assert!(
                setting["title"].is_string() && setting["x-order"].is_u64(),
                "{key}"
            );
            let chinese = &setting["x-i18n"]["zh"];
            assert!(
                chinese["title"].is_string() && chinese["description"].is_string(),
                "{key}"
            );
            assert!(setting["description"].is_string(), "{key}");
        }
    }
    for schema in [schema::<SampleConfig>(), schema::<TrainConfig>()] {
        for (name, of) in schema["$defs"].as_object().unwrap() {
            for choice in of["oneOf"].as_array().into_iter().flatten() {
                let chinese = choice["x-i18n"]["zh"]["title"].as_str();
                assert!(
                    choice["title"].is_string() && chinese.is_some(),
                    "{name}: {choice}"
                );
            }
        }
    }
    let train = schema::<TrainConfig>();
    let shared = |key: &str| train["properties"][key]["x-shared"] == true;
    assert!(shared("epochs") && shared("seed") && !shared("features"));
    assert_eq!(train["properties"]["label"]["x-shared"], "one_side");
    let sample = schema::<SampleConfig>();
    assert_eq!(sample["properties"]["id_columns"]["x-shared"], "count");
    assert_eq!(
        sample["properties"]["result"]["x-shared"]["mirrored"]["only_me"],
        "only_partner"
    );
}

#[test]
fn a_file_is_looked_at_when_a_config_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("rows.csv", b"id;age\n1;2\n");
    write("picture.csv", b"\x89PNG\r\n\x1a\n");
    for (input, columns, pointer, words) in [
        ("file:rows.csv", json!(["id"]), None, ""),
        (
            "file:rows.csv",
            json!(["customer"]),
            Some("/id_columns"),
            "no column is named `customer`; there are: id, age",
        ),
        ("file:picture.csv", json!(["id"]), Some("/input"), "a PNG picture"),
        ("file:none.csv", json!(["id"]), Some("/input"), "there is no file"),
    ] {
        let task = task_interface::TaskInfo::new("task", "task", "1", task_interface::TaskKind::Sample)
            .with_config(json!({"input": input, "id_columns": columns}));
        let problems = validate(&task, &[folder.path().to_owned()], Limit::default());
        assert_eq!(
            problems.first().map(|problem| problem.pointer.as_str()),
            pointer,
            "{problems:?}"
        );
        assert!(
            problems.iter().all(|problem| problem.message.en.contains(words)),
            "{problems:?}"
        );
    }
}

#[test]
fn schemas_name_their_dialect_and_refuse_unknown_keys() {
    for schema in [schema::<SampleConfig>(), schema::<TrainConfig>()] {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false);
        assert!(schema["properties"]["input"]["description"].is_string());
        assert_eq!(schema["properties"]["input"]["format"], "resource");
    }
    let columns = [
        &schema::<SampleConfig>()["properties"]["id_columns"],
        &schema::<TrainConfig>()["properties"]["features"],
    ]
    .map(|list| list["items"]["format"].clone());
    assert_eq!(columns, [json!("column"), json!("column")]);
}

#[test]
fn an_attached_file_is_looked_at_when_a_config_is_saved() {
    for (bytes, config, pointer, words) in [
        (&b"id,y\n1,a\n2,b\n"[..], json!({"label": "y"}), None, ""),
        (
            b"id,y\n1,a\n2,b\n3,c\n",
            json!({"label": "y"}),
            Some("/label"),
            "`a`, `b`, `c`",
        ),
        (b"id,y\n1,0\n2,1\n3,0.0\n4,NA\n5", json!({"label": "y"}), None, ""),
        (
            b"id,y\n1,a\n",
            json!({"features": ["age"]}),
            Some("/features"),
            "`age`",
        ),
        (
            b"\x89PNG\r\n",
            json!({"label": "y"}),
            Some("/input"),
            "a PNG picture",
        ),
        (b"PK\x03\x04xl/", json!({}), Some("/input"), "an Excel workbook"),
    ] {
        let mut task = task_interface::TaskInfo::new("task", "task", "1", task_interface::TaskKind::Train)
            .with_config(config);
        task.config["input"] = json!("rows.csv");
        let file = |name: &str| task_interface::FileBeginning::new(name, bytes);
        let problems = validate_files(&task, &[file("other.csv"), file("rows.csv")], Limit::default());
        assert_eq!(
            problems.first().map(|problem| problem.pointer.as_str()),
            pointer,
            "{problems:?}"
        );
        assert!(
            problems.iter().all(|problem| problem.message.en.contains(words)),
            "{problems:?}"
        );
        assert_eq!(validate_files(&task, &[file("other.csv")], Limit::default()), []);
    }
}
