#!/usr/bin/env bash
# The door for engines, as a stranger has it: the packaged crate `task-interface` in an empty folder passes its tests, and so
# does the crate that its guide leads to, made from the guide's own blocks.
set -euo pipefail
cd "$(dirname "$0")/.."

repository=$PWD
target=$(cargo metadata --locked --offline --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT

# What is not committed is packaged as well. The build that `cargo package` would make is made below, with the tests.
cargo package --locked --offline --quiet --allow-dirty --no-verify -p task-interface
tar -xzf "$(ls -t "$target"/package/task-interface-*.crate | head -1)" -C "$outside"
mv "$outside"/task-interface-* "$outside/task-interface"

# block LANGUAGE: the guide's first block of code in a language.
block() {
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; next } /^```/ && inside { exit } inside' \
        "$outside/task-interface/GUIDE.md"
}

crate=$outside/line-counter
mkdir -p "$crate/src" "$crate/tests"
{
    printf '[package]\nname = "line-counter"\nversion = "0.1.0"\nedition = "2024"\n\n'
    block toml
} >"$crate/Cargo.toml"
cp "$outside/task-interface/examples/line-counter/engine.rs" "$crate/src/lib.rs"
block rust >"$crate/tests/conformance.rs"
# The versions that are tested here, so that nothing has to be looked up.
cp "$repository/Cargo.lock" "$crate/Cargo.lock"

# The same build as inside, where it is possible.
export CARGO_TARGET_DIR=$target/outside CARGO_PROFILE_DEV_DEBUG=line-tables-only
cd "$outside/task-interface" && cargo test --offline --quiet --all-features
cd "$crate" && cargo test --offline --quiet
