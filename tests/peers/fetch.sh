#!/bin/sh
# SPDX-License-Identifier: MIT
# Unpacks the name servers that we compare ourselves with into $1, with the shared libraries that this machine
# lacks. Nothing is installed and nothing started; an ordinary user will do. fetch.sh FOLDER [PACKAGE...]
set -eu

folder=$1
shift
servers=${*:-nsd knot bind9 bind9-libs}

command -v apt-get >/dev/null || {
    echo "make peers: this is not Debian; nothing to compare with" >&2
    exit 1
}

installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# The library packages that $@ depend on, directly.
libraries_of() {
    apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
        sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p' | sort -u
}

# $servers, and of their libraries, at any depth, those that are not installed.
wanted() {
    wanted=$servers next=$servers
    while [ -n "$next" ]; do
        found=
        for package in $(libraries_of $next); do
            case " $wanted " in *" $package "*) continue ;; esac
            installed "$package" || { wanted="$wanted $package" found="$found $package"; }
        done
        next=$found
    done
    echo "$wanted"
}

download() {
    rm -rf "$folder.new"
    mkdir -p "$folder.new/deb"
    (cd "$folder.new/deb" && apt-get -q -o APT::Sandbox::User="$(id -un)" download $(wanted))
}

# Package lists may be missing, or name versions that the mirror no longer has.
download || {
    echo "make peers: the package lists are missing or old; updating them"
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get -q update
    download
}
for package in "$folder.new"/deb/*.deb; do
    dpkg -x "$package" "$folder.new"
done
rm -rf "$folder"
mv "$folder.new" "$folder"
