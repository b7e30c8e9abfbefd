#!/bin/sh
# SPDX-License-Identifier: MIT
# Loading and looking up, beside ldns-read-zone, which only parses. zones.sh PROGRAM; $RECORDS and $ZONES set the sizes.
set -eu

bench=$1
records=${RECORDS:-1000000} zones=${ZONES:-100000}
command -v ldns-read-zone >/dev/null || { echo "zones.sh: ldns-read-zone is missing: apt-get install ldnsutils" >&2; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$bench" write "$records" "$dir/zone"
echo "ldns-read-zone, $records records:"
for run in 1 2 3; do
    bash -c 'TIMEFORMAT="  %U s user + %S s system, %R s"; time ldns-read-zone "$1" >/dev/null' sh "$dir/zone"
done
echo "this server, the same file:"
for run in 1 2 3; do "$bench" load "$dir/zone" | sed 's/^/  /'; done

echo "small zones:"
mkdir "$dir/zones.d"
"$bench" write-many "$zones" "$dir/zones.d"
"$bench" load-many "$dir/zones.d" | sed 's/^/  /'

for names in 10 10000 1000000; do "$bench" find "$names" "$dir/names"; done
