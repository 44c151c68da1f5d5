#!/usr/bin/env bash
# Runs a command beside throw-away database servers, for tests:
#
#   tools/with-databases.sh cargo test -p console-db
#
# Starts MariaDB (or MySQL) and PostgreSQL, whichever is installed, each on a free port of 127.0.0.1 with its data in a
# temporary folder, and gives the command their addresses as EFLS_TEST_MYSQL_URL and EFLS_TEST_POSTGRES_URL. They are
# set up unlike what the console asks of its sessions (a far time zone, another SQL mode, another isolation), so that
# every run shows that the console depends on no such setting of a server. A variable
# that is set already is left as it is and no server is started for it. Ends the servers and removes their data when the
# command has ended, or on an interrupt.
#
#   EFLS_INSTALL=1   as root on Debian: install the servers first (their services are not started)
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT…]" >&2; exit 2; }

say() { echo "with-databases: $*" >&2; }
first_of() { local file; for file in "$@"; do if [ -x "$file" ]; then echo "$file"; return; fi; done; }
# By its path, not from PATH: Debian keeps these out of it.
mysqld() { first_of /usr/sbin/mariadbd /usr/sbin/mysqld /usr/libexec/mariadbd "$(command -v mariadbd mysqld | head -n 1)"; }
postgres() {
    local -a found
    mapfile -t found < <(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -rV)
    first_of "${found[@]}" "$(readlink -f "$(command -v postgres || echo /none)")"
}

# Debian starts a server's service when it is installed, unless this file says no.
install_servers() {
    local -a wanted=()
    [ -n "$(mysqld)" ] || [ -n "${EFLS_TEST_MYSQL_URL:-}" ] || wanted+=(mariadb-server)
    [ -n "$(postgres)" ] || [ -n "${EFLS_TEST_POSTGRES_URL:-}" ] || wanted+=(postgresql)
    [ "${#wanted[@]}" -gt 0 ] || return 0
    say "installing ${wanted[*]}"
    local policy=/usr/sbin/policy-rc.d made=0 status=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        made=1
    fi
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } \
        >"$work/install.log" 2>&1 || status=$?
    if [ "$made" = 1 ]; then rm -f "$policy"; fi
    if [ "$status" != 0 ]; then
        tail -n 20 "$work/install.log" >&2
        say "could not install ${wanted[*]}"
    fi
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# Servers refuse to run as root: they get a user of their own then, as root they are started with setpriv.
as_user() {
    local user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
    else
        exec "$@"
    fi
}
own() { if [ "$(id -u)" = 0 ]; then chown -R "$1:$1" "$2"; fi; }

# Waits until a command succeeds, as long as the process of a server lives.
until_ready() {
    local pid=$1
    shift
    for _ in $(seq 300); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

given_up() {
    tail -n 20 "$work/$2.log" >&2
    say "the $1 server did not start: its suites are left out"
}

start_mysql() {
    local server port data=$work/mysql
    server=$(mysqld)
    [ -n "$server" ] || { say "no MariaDB or MySQL server is installed: its suites are left out"; return 0; }
    mkdir -p "$data"
    cat >"$data/init.sql" <<SQL
CREATE USER 'efls'@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON *.* TO 'efls'@'127.0.0.1';
SQL
    own mysql "$data"
    if "$server" --no-defaults --version | grep -q MariaDB; then
        (cd "$data" && as_user mysql mariadb-install-db --no-defaults --datadir="$data/data" --skip-test-db \
            --skip-name-resolve --auth-root-authentication-method=normal) >"$work/mysql.log" 2>&1 ||
            { given_up MariaDB mysql; return 0; }
    else
        (cd "$data" && as_user mysql "$server" --no-defaults --initialize-insecure --datadir="$data/data") \
            >"$work/mysql.log" 2>&1 || { given_up MySQL mysql; return 0; }
    fi
    for _ in 1 2 3; do
        port=$(free_port)
        # Nothing here must survive a loss of power.
        (cd "$data" && as_user mysql "$server" --no-defaults --datadir="$data/data" --bind-address=127.0.0.1 \
            --port="$port" --socket="$data/socket" --pid-file="$data/pid" --init-file="$data/init.sql" \
            --default-time-zone=+13:00 --sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES \
            --transaction-isolation=SERIALIZABLE --character-set-server=latin1 --collation-server=latin1_swedish_ci \
            --skip-log-bin --skip-name-resolve --max-connections=400 --innodb-buffer-pool-size=64M \
            --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --performance-schema=0) \
            >>"$work/mysql.log" 2>&1 &
        servers+=($!)
        if until_ready $! mysql_ready "$port"; then
            export EFLS_TEST_MYSQL_URL="mysql://efls:$password@127.0.0.1:$port/mysql"
            return 0
        fi
        # The account is there already when the port was the trouble.
        sed -i 's/CREATE USER/CREATE USER IF NOT EXISTS/' "$data/init.sql"
    done
    given_up MariaDB mysql
}
mysql_ready() {
    local client
    client=$(first_of /usr/bin/mariadb-admin /usr/bin/mysqladmin "$(command -v mariadb-admin mysqladmin | head -n 1)")
    MYSQL_PWD=$password "$client" --no-defaults --protocol=tcp --host=127.0.0.1 --port="$1" --user=efls status
}

start_postgres() {
    local server tools port data=$work/postgres
    server=$(postgres)
    [ -n "$server" ] || { say "no PostgreSQL server is installed: its suites are left out"; return 0; }
    tools=$(dirname "$server")
    mkdir -p "$data"
    printf '%s\n' "$password" >"$data/password"
    own postgres "$data"
    (cd "$data" && as_user postgres "$tools/initdb" --pgdata="$data/data" --username=efls --pwfile="$data/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$work/postgres.log" 2>&1 ||
        { given_up PostgreSQL postgres; return 0; }
    for _ in 1 2 3; do
        port=$(free_port)
        (cd "$data" && as_user postgres "$server" -D "$data/data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories="$data" -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            -c timezone=Pacific/Kiritimati -c datestyle=SQL,DMY -c default_transaction_isolation=serializable \
            -c standard_conforming_strings=off -c max_connections=400 -c shared_buffers=64MB) >>"$work/postgres.log" 2>&1 &
        servers+=($!)
        if until_ready $! "$tools/pg_isready" --quiet --host=127.0.0.1 --port="$port"; then
            export EFLS_TEST_POSTGRES_URL="postgres://efls:$password@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    given_up PostgreSQL postgres
}

clean_up() {
    trap - EXIT INT TERM HUP
    local pid
    if [ -n "$command_pid" ]; then kill -TERM -- "-$command_pid" 2>/dev/null || true; fi
    # INT makes PostgreSQL end at once without waiting for its clients; MariaDB wants TERM.
    for pid in "${servers[@]}"; do kill -INT "$pid" 2>/dev/null || true; kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${servers[@]}"; do
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}

# In memory when there is room: making and dropping hundreds of tables is several times as fast there.
place=${TMPDIR:-/tmp}
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
if [ -w /dev/shm ] && [ "${room:-0}" -gt 4000000 ]; then place=/dev/shm; fi
work=$(mktemp -d "$place/efls-databases.XXXXXX")
# The servers' users must be able to pass through.
chmod 711 "$work"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
servers=()
command_pid=
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "${EFLS_INSTALL:-0}" = 1 ]; then
    if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
        install_servers
    else
        say "servers are installed for root on Debian only"
    fi
fi

# Each server, and the command, in a process group of its own: an interrupt reaches them through clean_up, in order.
set -m
if [ -z "${EFLS_TEST_MYSQL_URL:-}" ]; then start_mysql; fi
if [ -z "${EFLS_TEST_POSTGRES_URL:-}" ]; then start_postgres; fi
"$@" <&0 &
command_pid=$!
status=0
wait "$command_pid" || status=$?
command_pid=
exit "$status"
