#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may include whom (docs/ARCHITECTURE.md). A row: folder, the folders it may include. `geo` and `zones`
# are seen from outside through geo/geo.h and zones/zones.h only.
set -eu

allowed() {
    case $1 in
    core/base) echo "core/base" ;;
    core/model) echo "core/base core/model" ;;
    geo) echo "core/base core/model geo" ;;
    zones) echo "core/base core/model zones" ;;
    healthd) echo "core/base core/model healthd" ;;
    dnsd) echo "core/base core/model dnsd geo/geo.h zones/zones.h" ;;
    ctl) echo "core/base core/model ctl geo/geo.h zones/zones.h" ;;
    *) echo "layers.sh: no rule for folder $1" >&2; exit 1 ;;
    esac
}

bad=0
for file in $(find core geo zones dnsd healthd ctl -name '*.[ch]'); do
    folder=$(dirname "$file")
    rule=$(allowed "$folder")
    for included in $(sed -n 's/^#include "\(.*\)".*/\1/p' "$file"); do
        ok=no
        for may in $rule; do
            if [ "$included" = "$may" ] || [ "$(dirname "$included")" = "$may" ]; then ok=yes; fi
        done
        if [ $ok = no ]; then
            echo "$file: includes $included; $folder may include: $rule"
            bad=1
        fi
    done
done
exit $bad
