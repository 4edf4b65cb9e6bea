# SPDX-License-Identifier: Apache-2.0
# Read by the scripts beside it. Goes to the project's root and installs the Debian packages of
# scripts/packages that are missing: apt-get as root or through sudo. Where there is no dpkg the
# configure step says what is missing. Silent and quick when nothing is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing_packages() {
    local wanted present
    mapfile -t wanted < <(grep -v '^#' scripts/packages)
    present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
        sed -n 's/^installed //p') || true
    printf '%s\n' "${wanted[@]}" | grep -vxF -f <(printf '%s\n' "$present") || true
}

install_packages() {
    local missing as_root=()
    mapfile -t missing < <(missing_packages)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    echo "Installing: ${missing[*]}" >&2
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "As root: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install -y -qq --no-install-recommends "${missing[@]}")
    local log
    log=$(mktemp)
    # The package lists may be absent (a minimal root has none) or too old to be of use.
    if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" "${install[@]}"; } >"$log" 2>&1
    then
        cat "$log" >&2
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
}

# build PRESET: configures when that was not done yet, then builds; quiet unless it fails.
build() {
    local log
    mkdir -p build
    log=build/$1.log
    if ! { cmake --preset "$1" && cmake --build --preset "$1" -j "$(nproc)"; } >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
}

if command -v dpkg-query >/dev/null; then install_packages; fi
