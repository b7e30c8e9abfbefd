#!/bin/sh
# SPDX-License-Identifier: MIT
# Each library's header appears in few, named files, so that it could be replaced there. A row: a pattern of
# the header, the files that may include it.
set -eu

bad=0
while read -r header files; do
    [ -n "$header" ] || continue
    for file in $(grep -lE "^#include [<\"]$header" $(find core geo zones dnsd healthd ctl -name '*.[ch]') || true); do
        case " $files " in
        *" $file "*) ;;
        *) echo "$file: includes <$header>, which belongs in: $files"; bad=1 ;;
        esac
    done
done <<TABLE
yaml\.h         core/model/config_scan.c
ldns/           zones/record.c
maxminddb\.h    geo/database.c geo/record.h
urcu            dnsd/publication.c
uv\.h           dnsd/server.c dnsd/tcp.c healthd/daemon.c healthd/probe_http.c healthd/schedule.c
curl/           healthd/probe_http.c
pthread\.h      dnsd/udp.c
ares            none
jansson         none
microhttpd      none
openssl/        none
TABLE
exit $bad
