#!/usr/bin/env bash
# Measures a release build beside what it could be at best on this machine, and prints one table:
#
#   tools/bench.sh               everything but the large join
#   tools/bench.sh join [IDS]    the large join through two consoles
#   tools/bench.sh channel       messages of engines through two consoles, and a training
#
#   DB=sqlite|mysql|postgres     the database (SQLite by default; a throw-away server is started for the others)
#   JSON=1                       also write the figures to target/bench-….json; JSON=FILE to another file
#
# Other arguments go to the benchmark (`--rounds 3 --many 100000`; `--help` lists them).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/tool.sh

database=${DB:-sqlite}
part=consoles
case "${1:-}" in join | channel) part=$1 ;; esac
arguments=("$@")
case "${JSON:-}" in
    '' | 0) ;;
    1) arguments+=(--json "$PWD/target/bench-$part-$database.json") && mkdir -p target ;;
    *) arguments+=(--json "$(realpath -m "$JSON")") ;;
esac

bench=(cargo bench --locked --quiet -p efls-console --bench bench)
echo "Building for release; the first time takes some minutes."
"${bench[@]}" --no-run

cargo build --locked --quiet --release -p engine-local --examples
if [ "$part" = consoles ]; then
    arguments+=(--database "$database")
    command -v oha >/dev/null || echo "Installing the load generator oha into $tool_root; this takes some minutes, once."
    EFLS_INSTALL=1 tool oha
fi
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then export EFLS_INSTALL=${EFLS_INSTALL:-1}; fi
case $part:$database in
    join:* | channel:* | consoles:sqlite) exec "${bench[@]}" -- "${arguments[@]}" ;;
    # The server that is not wanted is neither installed nor started.
    consoles:mysql) export EFLS_TEST_POSTGRES_URL=${EFLS_TEST_POSTGRES_URL:-none} ;;
    consoles:postgres) export EFLS_TEST_MYSQL_URL=${EFLS_TEST_MYSQL_URL:-none} ;;
    *) echo "DB=$database is unknown; there are sqlite, mysql and postgres" >&2 && exit 2 ;;
esac
exec bash tools/with-databases.sh "${bench[@]}" -- "${arguments[@]}"
