#!/usr/bin/env bash
# Prints the path of a Chromium for the tests of the web console; fails when there is none.
#
#   EFLS_CHROMIUM    the browser to use
#   EFLS_INSTALL=1   as root on Debian: install one first, with a font that has Chinese characters
set -euo pipefail

found() { command -v "${EFLS_CHROMIUM:-}" chromium chromium-browser google-chrome | head -n 1; }

if [ -z "$(found)" ] && [ "${EFLS_INSTALL:-0}" = 1 ] && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
    echo "installing Chromium" >&2
    log=$(mktemp)
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
    fi
    rm -f "$log"
fi
[ -n "$(found)" ] && found
