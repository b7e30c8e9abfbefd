#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs those of $packages that are missing, as root or through sudo, without asking questions.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "make deps: this is not Debian; the equivalents of these packages are needed: $packages"
    exit 0
fi

missing=
for package in $packages; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "make deps: neither root nor sudo here; ask root to run: apt-get install --no-install-recommends$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "make deps: installing$missing"
$as_root apt-get -q update
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing
