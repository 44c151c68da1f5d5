#!/usr/bin/env bash
# Measures how long an adoption of many runs takes, on one core for the program and the database server together:
#
#   tools/with-databases.sh tools/measure-adoption.sh PROGRAM [RUNS]
set -euo pipefail
program=$(realpath "$1")
runs=${2:-1000000}
address=${EFLS_TEST_MYSQL_URL:?run this through tools/with-databases.sh}
[[ $address =~ ^mysql://([^:]+):([^@]+)@([^:]+):([0-9]+)/ ]]
export MYSQL_PWD=${BASH_REMATCH[2]}
name=efls_measure_$$
sql() { mariadb --no-defaults --init-command="SET SESSION sql_mode = ''" --protocol=tcp --host="${BASH_REMATCH[3]}" --port="${BASH_REMATCH[4]}" --user="${BASH_REMATCH[1]}" "$@"; }
sql -e "CREATE DATABASE $name CHARACTER SET utf8mb4"
trap 'sql -e "DROP DATABASE $name"' EXIT
sql "$name" <"$(dirname "$0")/../crates/console-db/tests/it/original-schema.sql"
sql "$name" <<SQL
INSERT INTO user (id, name, password, role) VALUES ('a1', 'anna', 'pbkdf2:sha256:1\$s\$h', 0);
INSERT INTO project (id, gmt_create, owner_id, name, status, peer_url, peer_id)
  SELECT MD5(CONCAT('p', seq)), '2023-01-01', 'a1', seq, 1, CONCAT('http://192.0.2.', seq % 9, ':5001'), MD5(CONCAT('q', seq)) FROM seq_0_to_49;
INSERT INTO task_intra (id, gmt_create, project_id, name, version, owner_id, type, task_root, config)
  SELECT MD5(CONCAT('t', seq)), '2023-01-01', MD5(CONCAT('p', seq % 50)), seq, '20230101000000', 'a1', 0, 1, '{"docker_image": "i:1"}' FROM seq_0_to_1999;
INSERT INTO task_inter (id, gmt_create, task_intra_id, task_peer_id, status)
  SELECT MD5(CONCAT('r', seq)), '2023-01-01', MD5(CONCAT('t', seq)), MD5(CONCAT('z', seq)), 1 FROM seq_0_to_1999;
CREATE TABLE filled LIKE task_instance;
ALTER TABLE filled $(sql -N "$name" -e "SELECT GROUP_CONCAT(DISTINCT CONCAT('DROP INDEX ', index_name) SEPARATOR ', ') FROM information_schema.statistics WHERE table_schema = '$name' AND table_name = 'task_instance' AND index_name <> 'PRIMARY'");
INSERT INTO filled SELECT MD5(seq), '2023-01-01' + INTERVAL seq * 60 SECOND, '2023-01-01' + INTERVAL seq * 60 + 30 SECOND, MD5(CONCAT('t', seq % 2000)),
  MD5(CONCAT('r', seq % 2000)), MD5(CONCAT('z', seq % 2000)), MD5(CONCAT('w', seq)), '2023-01-01' + INTERVAL seq * 60 + 1 SECOND, NULL, 3 + seq % 4, NULL,
  CONCAT('"{\\\\"job_log_link\\\\": \\\\"http://flink.example/#/job/', MD5(seq), '/overview\\\\", \\\\"progress\\\\": 1}"'), 'null' FROM seq_1_to_$runs;
ALTER TABLE filled $(sql -N "$name" -e "SELECT GROUP_CONCAT(line SEPARATOR ', ') FROM (SELECT CONCAT('ADD INDEX ', index_name, ' (', column_name, ')') AS line FROM information_schema.statistics WHERE table_schema = '$name' AND table_name = 'task_instance' AND index_name <> 'PRIMARY') x");
DROP TABLE task_instance;
RENAME TABLE filled TO task_instance;
SQL
# The server and the program share one core.
server=$(ss -ltnpH "sport = :${BASH_REMATCH[4]}" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2)
taskset --all-tasks --cpu-list --pid 0 "$server" >/dev/null
export EFLS_DATABASE__URL="mysql://${BASH_REMATCH[1]}:$MYSQL_PWD@${BASH_REMATCH[3]}:${BASH_REMATCH[4]}/$name" EFLS_LOG__FILTER=warn
cd "$(mktemp -d)"
for zone in Asia/Shanghai America/New_York; do
    echo "dry run from $zone"
    time taskset --cpu-list 0 "$program" adopt --dry-run --time-zone "$zone" >/dev/null
done
echo "adoption of $runs runs from America/New_York"
time taskset --cpu-list 0 "$program" adopt --yes --time-zone America/New_York | head -n 8
