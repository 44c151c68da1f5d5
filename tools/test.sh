#!/usr/bin/env bash
# Everything that must hold before a change goes in: formatting, lints, documentation, dependencies, tests.
#
#   EFLS_INSTALL=1            install what the tests need (as root on Debian this is the default)
#   EFLS_TEST_REQUIRE_ALL=1   a left-out suite is a failure, but for the image, which needs the rights to run containers
set -euo pipefail
cd "$(dirname "$0")/.."

. tools/tool.sh
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then : "${EFLS_INSTALL:=1}"; fi
export EFLS_INSTALL=${EFLS_INSTALL:-0} EFLS_TEST_REQUIRE_ALL=${EFLS_TEST_REQUIRE_ALL:-0}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
left_out=()

step() { printf '\n== %s\n' "$1"; }

step "formatting"
cargo fmt --all --check

step "lints"
cargo clippy --locked --workspace --all-targets --all-features -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --quiet --workspace --no-deps --all-features

step "dependencies"
if tool cargo-machete --debug; then cargo machete; else left_out+=("unused dependencies (cargo install cargo-machete)"); fi
if tool cargo-deny --debug; then
    cargo deny --locked --all-features check --deny warnings bans licenses sources
    # The advisories come from a repository of their own, which not every machine reaches.
    if timeout 60 cargo deny fetch db >"$work/advisories.log" 2>&1; then
        cargo deny --locked --all-features check --deny warnings advisories
    else
        echo "Note: the advisory database cannot be reached from here; known vulnerabilities were not looked up."
    fi
else
    left_out+=("licences and bans of dependencies (cargo install cargo-deny)")
fi

step "web console: formatting, lints, types, texts, unit tests"
(
    cd front_end
    npm run --silent lint
    npm run --silent typecheck
    npm run --silent check:i18n
    npm run --silent check:api
    npm run --silent size
    npm test --silent
)

step "tests: unit, integration, documentation, end to end"
tests=(cargo test --locked --workspace --all-features --no-fail-fast)
# Built first, so that the database servers are not kept waiting.
cargo test --locked --workspace --all-features --no-run --quiet
status=0
bash tools/with-databases.sh bash -c '
    env | sed -n "s/^\(EFLS_TEST_[A-Z]*_URL\)=..*/\1/p" > "$0"
    exec "$@"' "$work/databases" "${tests[@]}" 2>&1 | tee "$work/tests.log" || status=$?
for database in MYSQL:MariaDB POSTGRES:PostgreSQL; do
    if ! grep -qs "EFLS_TEST_${database%%:*}_URL" "$work/databases"; then
        left_out+=("the database suites on ${database#*:} (no server; install one, or give EFLS_TEST_${database%%:*}_URL)")
    fi
done

step "tests: the door for engines, outside the repository"
bash tools/test-outside.sh || status=1

step "tests: the web console in a browser"
: >"$work/browser.log"
if bash tools/browser.sh >/dev/null; then
    bash tools/test-browser.sh 2>&1 | tee "$work/browser.log" || status=1
else
    left_out+=("the web console in a browser (no Chromium; install one, or give EFLS_CHROMIUM)")
fi

step "deployment: image, manifests, chart"
target=$(cargo metadata --locked --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
program=$target/debug/efls-console
# suite LIST NAME COMMAND…: a suite that ends with 3 where its tools are missing, and is then in that list of what was not run.
elsewhere=()
suite() {
    local code=0
    local -n not_run=$1
    "${@:3}" || code=$?
    case $code in
        0) ;;
        3) not_run+=("$2") ;;
        *) status=1 ;;
    esac
}
suite left_out "the checks of Dockerfile, manifests, chart and compose file (EFLS_INSTALL=1 installs their tools)" \
    env EFLS_CONSOLE="$program" bash tools/check-deployment.sh
# Containers need rights that not every machine gives, so this one alone is told and is no failure.
suite elsewhere "the image (root on Debian, with buildah, podman, runc and debootstrap)" bash tools/test-image.sh "$program"

step "summary"
grep -E '^test result:' "$work/tests.log" || status=1
grep -E '^ +[0-9]+ (passed|failed|flaky|skipped|did not run)' "$work/browser.log" || true
if grep -E '^(test .* FAILED|error: .* failed)' "$work/tests.log"; then status=1; fi
if [ "${#elsewhere[@]}" -gt 0 ]; then
    echo "To be run on another machine, since this one lacks what they need:"
    printf '  - %s\n' "${elsewhere[@]}"
fi
if [ "${#left_out[@]}" -gt 0 ]; then
    echo "Left out on this machine:"
    printf '  - %s\n' "${left_out[@]}"
    if [ "$EFLS_TEST_REQUIRE_ALL" = 1 ]; then
        echo "Nothing may be left out here (EFLS_TEST_REQUIRE_ALL=1)."
        status=1
    fi
elif [ "${#elsewhere[@]}" -eq 0 ]; then
    echo "Nothing was left out."
fi
[ "$status" = 0 ] && echo "All passed." || echo "Something failed."
exit "$status"
