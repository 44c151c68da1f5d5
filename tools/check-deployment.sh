#!/usr/bin/env bash
# Checks the Dockerfile, the manifests, the chart and the compose file, without a cluster or a container. Its tools are in a
# Python environment in the tool folder.
#
#   EFLS_INSTALL=1     make that environment when it is missing or old (as root on Debian, python3-venv as well)
#   EFLS_CONSOLE=FILE  the program, which then checks the settings in all of them
#
# Exit code 3: the tools are not there.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/tool.sh

wanted=tools/deployment/requirements.txt
venv=$tool_root/deployment

ready() { cmp -s "$wanted" "$venv/installed.txt"; }

install() {
    if ! python3 -m venv --help >/dev/null 2>&1 || ! python3 -c 'import ensurepip' 2>/dev/null; then
        [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] || return 1
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv || return 1
    fi
    rm -rf "$venv"
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" || return 1
    cp "$wanted" "$venv/installed.txt"
}

if ! ready && [ "${EFLS_INSTALL:-0}" = 1 ]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    echo "Installing the tools that check deployments into $venv."
    install >"$log" 2>&1 || tail -n 20 "$log" >&2
fi
if ! ready; then
    echo "The tools that check deployments are not there; EFLS_INSTALL=1 installs them (Python 3.11 or newer)." >&2
    exit 3
fi
arguments=()
if [ -n "${EFLS_CONSOLE:-}" ]; then arguments=(--console "$EFLS_CONSOLE"); fi
exec "$venv/bin/python" tools/deployment/check.py "${arguments[@]}"
