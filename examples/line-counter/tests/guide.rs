//! The guide shows this crate as it is.

/// The guide's blocks of code in a language.
fn blocks<'a>(guide: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    guide
        .split(&begin)
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

#[test]
fn the_guide_shows_the_manifest_and_the_test_of_this_crate() {
    let guide = include_str!("../../../docs/ENGINE-GUIDE.md");
    let manifest = include_str!("../Cargo.toml");
    let test = include_str!("conformance.rs");
    let [shown] = blocks(guide, "toml")[..] else {
        panic!("the guide has one manifest");
    };
    let dependencies = manifest.split_once("[dependencies]").map(|(_, rest)| rest.trim());
    assert_eq!(
        shown.split_once("[dependencies]").map(|(_, rest)| rest.trim()),
        dependencies
    );
    let [shown] = blocks(guide, "rust")[..] else {
        panic!("the guide has one test");
    };
    let code = test.split_once("\n\n").map(|(_, code)| code.trim());
    assert_eq!(Some(shown.trim()), code);
}
