# Sourced by scripts that need a cargo tool: where these tools are, and how a missing one gets there.
tool_root=${EFLS_TOOL_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/efls-console/tools}
export PATH="$tool_root/bin:$PATH"

# tool NAME [FLAG…]: installs a tool into the tool folder, with flags for `cargo install`, when it is missing and
# EFLS_INSTALL=1.
tool() {
    command -v "$1" >/dev/null && return
    [ "${EFLS_INSTALL:-0}" = 1 ] || return 1
    CARGO_TARGET_DIR="$tool_root/build" cargo install --quiet --locked "${@:2}" --root "$tool_root" "$1"
}
