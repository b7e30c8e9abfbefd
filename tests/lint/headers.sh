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
uv\.h           dnsd/server.c dnsd/tcp.c dnsd/watch.c dnsd/widen.c healthd/daemon.c healthd/schedule.c healthd/curl_loop.c healthd/probe_tcp.c healthd/probe_dns.c healthd/probe_icmp.c healthd/probe_exec.c
curl/           healthd/curl_loop.c healthd/connection.c healthd/probe_http.c healthd/probe_tls.c
pthread\.h      dnsd/udp.c
ares\.h         healthd/probe_dns.c
jansson         healthd/json_value.c
microhttpd      none
openssl/        healthd/certificate.c
TABLE
exit $bad
