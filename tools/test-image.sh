#!/usr/bin/env bash
# Builds the last stages of the Dockerfile around a program that is built already, on a base made from Debian's packages, and
# runs the image: without a daemon, and without a registry of images. For root on Debian, with buildah, podman, runc and
# debootstrap.
#
#   tools/test-image.sh FILE   the program
#
#   EFLS_INSTALL=1             install the four tools when they are missing
#
# Exit code 3: the tools are not there, or Debian's packages cannot be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/tool.sh

program=${1:?the file of the program}
leave_out() { echo "test-image: $*" >&2; exit 3; }
fail() { echo "test-image: $*" >&2; exit 1; }
expect() { if [ "$2" != "$3" ]; then fail "$1: expected $2, found $3"; fi; }

work=$(mktemp -d)
log=$work/log
clean_up() {
    if [ -d "$work/store" ]; then podman_ stop --all --time 1 >/dev/null 2>&1 || true; podman_ rm --all --force >/dev/null 2>&1 || true; fi
    rm -rf "$work"
}
trap clean_up EXIT

[ -x "$program" ] || fail "there is no program $program"
[ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] || leave_out "images are tested by root on Debian only"
tools=(buildah podman runc debootstrap)
if ! command -v "${tools[@]}" >/dev/null || [ "$(command -v "${tools[@]}" | wc -l)" -lt "${#tools[@]}" ]; then
    [ "${EFLS_INSTALL:-0}" = 1 ] || leave_out "there is no ${tools[*]}; EFLS_INSTALL=1 installs them"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${tools[@]}"; } \
        >"$log" 2>&1 || { tail -n 20 "$log" >&2; leave_out "${tools[*]} cannot be installed"; }
fi

storage=(--root "$work/store" --runroot "$work/run" --storage-driver vfs)
buildah_() { buildah "${storage[@]}" "$@"; }
podman_() { podman "${storage[@]}" --runtime runc --cgroup-manager cgroupfs "$@"; }

# What the Dockerfile calls debian:…-slim. Kept, since its packages are no part of the test.
release=$(sed -n 's/^ARG DEBIAN=//p' Dockerfile)
base=$tool_root/debian-$release.tar
if [ ! -e "$base" ]; then
    echo "Making a base of Debian $release."
    debootstrap --variant=minbase "$release" "$work/base" >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; leave_out "no base of Debian $release can be made"; }
    mkdir -p "$tool_root"
    tar -C "$work/base" -cf "$base.new" . && mv "$base.new" "$base"
    rm -rf "$work/base"
fi
container=$(buildah_ from scratch)
buildah_ add --quiet "$container" "$base" / >/dev/null
buildah_ commit --quiet --rm "$container" "debian:$release-slim" >/dev/null

# The stage that compiles is replaced by a folder with its result.
mkdir -p "$work/server/out"
strip -o "$work/server/out/efls-console" "$program"
image=alifl/console/host:v1
buildah_ build --isolation chroot --pull-never --format docker --build-context server="$work/server" \
    --build-arg ENV_ARG=default_local --build-arg EXPOSE_ARG=5000 --build-arg VERSION=1.2.3 -t "$image" . >"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; fail "the image cannot be built"; }

about() { podman_ inspect --type image --format "$1" "$image"; }
expect "the user" 10001:10001 "$(about '{{.Config.User}}')"
expect "the port" 'map[5000/tcp:{}]' "$(about '{{.Config.ExposedPorts}}')"
expect "the version" 1.2.3 "$(about '{{index .Config.Labels "org.opencontainers.image.version"}}')"
expect "the health check" '[CMD /usr/local/bin/efls-console health]' "$(about '{{.HealthCheck.Test}}')"
rest=$(($(about '{{.Size}}') - $(stat -c %s "$work/server/out/efls-console")))
[ "$rest" -lt 20000000 ] || fail "the image has $rest bytes beside the program"

# As it is deployed: nobody's rights, nothing to write to but its volume. The limits are named because podman's own are more
# than some machines let even root have.
confined=(--read-only --cap-drop all --security-opt no-new-privileges --network host --no-healthcheck
    --ulimit nofile=4096:4096 --ulimit nproc=4096:4096)

if podman_ run --rm "${confined[@]}" --entrypoint /bin/sh "$image" -c true >"$log" 2>&1; then fail "there is a shell"; fi
grep -q '/bin/sh' "$log" || { cat "$log" >&2; fail "the container did not start for another reason"; }

# The variables of the original's docker commands.
shown=$(podman_ run --rm "${confined[@]}" -e ENV=default_local -e STATIC=host -e MYSQL_SERVICE_HOST=111.11.1.1 \
    -e MYSQL_SERVICE_PORT=3306 -e MINIO_SERVICE_SERVICE_HOST=111.11.1.1 -e MINIO_SERVICE_SERVICE_PORT=9000 \
    "$image" config show)
for line in 'database.url = "mysql://root:***@111.11.1.1:3306/alifl"' 'service.base_path = "/host"' 'service.port = 5000' \
    'service.host = "0.0.0.0"' 'storage.kind = "s3"' 'storage.s3.endpoint = "http://111.11.1.1:9000"'; do
    grep -qF "$line" <<<"$shown" || fail "config show lacks $line"
done

# A console in it starts, is well, and ends when told.
port=$((20000 + RANDOM % 12000))
podman_ run --detach --name console "${confined[@]}" -e ENV= -e PORT="$port" -e EFLS_SERVICE__HOST=127.0.0.1 "$image" >/dev/null
for _ in $(seq 60); do
    if podman_ exec console /usr/local/bin/efls-console health >"$log" 2>&1; then break; fi
    sleep 0.2
done
grep -q "is ready" "$log" || { cat "$log" >&2; podman_ logs console >&2; fail "the console is not ready"; }
[ "$(podman_ exec console /usr/local/bin/efls-console health --live)" = "The console is live." ] || fail "health --live fails"
podman_ exec -e EFLS_PASSWORD="correct horse battery" console efls-console user create ann --role root >"$log" 2>&1 ||
    { cat "$log" >&2; fail "an account cannot be made"; }
podman_ stop --time 20 console >/dev/null
expect "the exit code after a stop" 0 "$(podman_ inspect --format '{{.State.ExitCode}}' console)"
echo "The image is well: $rest bytes beside the program."
