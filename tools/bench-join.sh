#!/usr/bin/env bash
# Joins N ids (1,000,000 by default) with as many, half of them common, and prints the ratio to the pure time of the group
# operations that the protocol needs, measured in the same run on the same cores.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo run --locked --quiet --release -p engine-local --example bench_join -- "$@"
