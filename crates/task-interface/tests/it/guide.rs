//! The guide shows code that is compiled and run.

const GUIDE: &str = include_str!("../../GUIDE.md");

#[test]
fn the_guide_shows_the_test_of_the_example() {
    let test = include_str!("line_counter.rs");
    let (_, code) = test
        .split_once("use engine as line_counter;\n\n")
        .expect("the test begins so");
    let shown = GUIDE
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next());
    assert_eq!(shown.map(str::trim), Some(code.trim()));
}
