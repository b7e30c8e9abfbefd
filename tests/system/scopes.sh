#!/bin/bash
# SPDX-License-Identifier: MIT
# ECS scopes are as wide as the answers: of the members of this service, of those of them that are up, and soon after
# a flip again. Without a choice the scope is 0. Databases that must not be used cost nothing.
. tests/system/lib.sh

write_config </dev/null
sed -i 's/^zones:/  pair: { check: web, members: { fra: { a: ['$FRA'] }, iad: { a: ['$IAD'] } } }\n'"&/"'
        s/api: www/api: pair/; s|databases: .*|databases: [geo.mmdb] }|' "$DIR/meridian.yaml"
cp build/geoip/dbip-country.mmdb "$DIR/geo.mmdb"
for site in "fra $FRA" "iad $IAD" "sin $SIN"; do start_site $site; done
start_dnsd
start_healthd

CLIENT=194.107.89.0/24 # nearest to Frankfurt, and so are its neighbours, some of which have Singapore second
scope_of() { dig_full "$1.example.com" "+subnet=$2" | sed -n 's/.*CLIENT-SUBNET: .*\///p'; }
narrower() { [ "$1" -gt "$2" ] && echo "$1 > $2" || echo "not $1 > $2"; }

list_scope=$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" geo $CLIENT | sed -n 's|^scope: .*/\([0-9]*\) .*|\1|p')
sleep 0.2
three=$(scope_of www $CLIENT) two=$(scope_of api $CLIENT)
expect_match "of three sites the scope is at most the list's" "^[0-9]+$" "$three"
expect "of two sites it is wider" "$three > $two" "$(narrower "$three" "$two")"
expect "and both are wider than the list's" "$list_scope > $three" "$(narrower "$list_scope" "$three")"

stop site-sin KILL
within $FALL_MS "without the third site the scope is that of two" "$two" scope_of www $CLIENT
stop site-iad KILL
within $FALL_MS "with one site left it is 0" 0 scope_of www $CLIENT
start_site sin $SIN
within $RISE_MS "a site that is back narrows it" yes eval '[ "$(scope_of www $CLIENT)" != 0 ] && echo yes'
expect "source 0: scope 0" 0 "$(scope_of www 0.0.0.0/0)"
expect "static data: scope 0" 0 "$(scope_of mail $CLIENT)"

# --- databases change under us ------------------------------------------------------------------------------
head -c 300000 build/geoip/dbip-country.mmdb >"$DIR/geo.mmdb"
echo 'new A 192.0.2.99' >>"$DIR/example.com.zone"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "the previous maps stay in service"
wait_for_line dnsd "reloaded"
expect "a broken database: the map stays" "$SIN" "$(ask www.example.com +subnet=$SINGAPORE)"
expect "and the rest of the reload applies" "192.0.2.99" "$(ask new.example.com A)"
cp build/geoip/dbip-country.mmdb "$DIR/geo.mmdb"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "reloaded" 2
expect "a good one again: no complaint" 1 "$(grep -c 'previous maps stay' "$DIR/dnsd.log")"
expect_match "meridian geo names the rule" "rule: +distance of map default" \
    "$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" geo 91.0.0.1)"
expect "an unknown map: status 2" 2 "$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" geo ::1 --map no 2>/dev/null; echo $?)"
finish
