#!/usr/bin/env bash
# From nothing to two paired consoles in containers: builds the image, starts docker-compose.yaml, makes an account on each
# side, and pairs the two. May be run again. `docker compose down --volumes` removes everything.
#
#   COMPOSE="podman compose"   another program that understands compose files [docker compose]
set -euo pipefail
cd "$(dirname "$0")/.."

read -ra compose <<<"${COMPOSE:-docker compose}"
side() { "${compose[@]}" exec -T "$@"; }
partners() { side "$1" efls-console partner list --json 2>/dev/null; }
# member NAME: the text of a member that is there once, of a JSON object on the standard input.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
has_paired() { grep -q '"trust":"paired"' <<<"$(partners "$1")"; }

"${compose[@]}" up --build --detach --wait

password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
for name in host peer; do
    side -e EFLS_PASSWORD="$password" "$name" efls-console user create admin --role root >/dev/null 2>&1 ||
        side -e EFLS_PASSWORD="$password" "$name" efls-console user reset-password admin >/dev/null 2>&1
done

if ! has_paired peer; then
    side host efls-console partner invite --json 2>/dev/null | member code | side peer efls-console partner accept - >/dev/null
fi
for name in host peer; do
    for _ in $(seq 60); do
        if has_paired "$name"; then continue 2; fi
        sleep 1
    done
    echo "The $name did not pair within a minute; \`${compose[*]} logs $name\` says why." >&2
    exit 1
done

# What two people do by telephone: each confirms what the other one reads out.
confirm() {
    side "$1" efls-console partner confirm "$(partners "$1" | member name)" "$(partners "$2" | member our_fingerprint)" >/dev/null
}
confirm host peer
confirm peer host

cat <<END
The consoles are paired.

  host  http://localhost:5000  user admin  password $password
  peer  http://localhost:5001  user admin  password $password

docs/TOUR.md shows how a project, a join and a training are made; examples/data has two tables to begin with.
END
