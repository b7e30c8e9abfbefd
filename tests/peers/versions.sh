#!/bin/sh
# SPDX-License-Identifier: MIT
# The versions of the unpacked peers; fails if one of them does not run. versions.sh FOLDER
set -eu

version() {
    text=$(sh "$(dirname "$0")/with.sh" "$@" 2>&1) || {
        echo "$text" >&2
        exit 1
    }
    echo "$text" | head -n 1
}

version "$1" nsd -v
version "$1" knotd -V
version "$1" named -V
