#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program of the unpacked peers with the libraries unpacked beside it. with.sh FOLDER PROGRAM [ARGUMENT...]
set -eu
root=$1 program=$2
shift 2
machine=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -dumpmachine)
LD_LIBRARY_PATH=$root/usr/lib/$machine:$root/lib/$machine:$root/usr/lib exec "$root/usr/sbin/$program" "$@"
