#!/usr/bin/env bash
# Says in one go what is missing to build the project.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
need_node=$(sed -n 's/^ *"node": ">=\(.*\)"/\1/p' front_end/package.json)

older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$2" ]; }

if ! command -v cargo >/dev/null; then
    missing+=("Rust $need_rust or newer (https://rustup.rs)")
else
    have=$(rustc --version | cut -d ' ' -f 2)
    if older "$have" "$need_rust"; then missing+=("Rust $need_rust or newer; this is $have (rustup update)"); fi
fi
if ! command -v cc >/dev/null; then missing+=("a C compiler (Debian: apt-get install build-essential)"); fi
if ! command -v npm >/dev/null; then
    missing+=("Node $need_node or newer with npm (https://nodejs.org)")
else
    have=$(node --version | tr -d v)
    if older "$have" "$need_node"; then missing+=("Node $need_node or newer; this is $have"); fi
fi

if [ "${#missing[@]}" -gt 0 ]; then
    echo "Missing on this machine:" >&2
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
fi
