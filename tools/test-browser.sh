#!/usr/bin/env bash
# The tests of the web console in a real browser, with real consoles: front_end/e2e. Arguments go to Playwright.
#
#   EFLS_CHROMIUM      the browser [what tools/browser.sh finds]
#   EFLS_SCREENSHOTS   where the pictures of all pages go [front_end/e2e/screenshots]
set -euo pipefail
cd "$(dirname "$0")/.."

if ! EFLS_CHROMIUM=$(bash tools/browser.sh); then
    echo "There is no Chromium here (Debian: apt-get install chromium); EFLS_CHROMIUM can name another one." >&2
    exit 1
fi
cargo build --locked --quiet --workspace --all-features
target=$(cargo metadata --locked --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
export EFLS_CHROMIUM EFLS_CONSOLE=$target/debug/efls-console
cd front_end
npm run --silent test:browser -- "$@"
