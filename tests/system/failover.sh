#!/bin/bash
# SPDX-License-Identifier: MIT
# The main job: every client gets the nearest site; a site that dies leaves the answers within the time the
# configuration promises and comes back when it is back; no failure of healthd changes an answer.
. tests/system/lib.sh

write_config </dev/null
for site in "fra $FRA" "iad $IAD" "sin $SIN"; do start_site $site; done
start_dnsd
start_healthd

www_from() { ask www.example.com A "+subnet=$1"; }

expect "a client in Germany gets Frankfurt" "$FRA" "$(www_from $GERMANY)"
expect "a client in Virginia gets Ashburn" "$IAD" "$(www_from $VIRGINIA)"
expect "a client in Singapore gets Singapore" "$SIN" "$(www_from $SINGAPORE)"
expect "the apex is steered too" "$SIN" "$(ask example.com A +subnet=$SINGAPORE)"
expect "and so is the target of a CNAME" "$IAD www.example.com." "$(ask shop.example.com A +subnet=$VIRGINIA)"
expect "over TCP the same" "$FRA" "$(ask www.example.com A +tcp +subnet=$GERMANY)"
expect "over IPv6 the same" "$FRA" "$(dig @::1 -p $PORT +short www.example.com +subnet=$GERMANY)"
expect "a client nobody can place gets the default" "$FRA" "$(www_from 192.0.2.0/24)"
expect "the answered address is the site's own" "fra" "$(curl -s "http://$(www_from $ENGLAND):$SITE_PORT/")"
expect_match "the scope says for whom the answer holds" "CLIENT-SUBNET: 81.2.69.0/24/[1-9][0-9]?$" \
    "$(dig_full www.example.com +subnet=$ENGLAND)"
expect_match "the TTL is the service's" "www.example.com.	*30	IN	A" "$(dig_full www.example.com)"

stop site-fra KILL
within $FALL_MS "a dead site's clients go to the next nearest" "$IAD" www_from $ENGLAND
expect "clients of other sites stay where they are" "$SIN" "$(www_from $SINGAPORE)"
expect_match "healthd says which site, why, and what it means" "fra.*www.*(refused|down)" \
    "$(grep -v debug "$DIR/healthd.log")"
expect_match "status shows it" "www +fra +down" "$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" status)"

stop site-iad KILL
within $FALL_MS "a second death: the last site gets everybody" "$SIN" www_from $ENGLAND
stop site-sin KILL
within $FALL_MS "all down: serve-all answers as if all were up" "$FRA" www_from $ENGLAND

for site in "fra $FRA" "iad $IAD" "sin $SIN"; do start_site $site; done
wait_for_line healthd "fra.* up" 2
within $RISE_MS "the sites are back" "$FRA" www_from $ENGLAND
within $RISE_MS "all of them" "$SIN" www_from $SINGAPORE

# A site that answers, but not what was asked for, is down as well.
kill -USR1 "${pids[site-fra]}"
within $FALL_MS "503 is not 200" "$IAD" www_from $GERMANY

# healthd dies: answers keep the last state, and dnsd says so.
stop healthd KILL
expect "healthd killed: the last state stands" "$IAD" "$(www_from $GERMANY)"
wait_for_line dnsd "healthd has not been heard of"
expect "and still stands when healthd is known to be gone" "$IAD" "$(www_from $GERMANY)"
expect_match "status says that healthd is gone" "NOT RUNNING" \
    "$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" status)"
start_healthd
for _ in 1 2 3 4 5; do expect "healthd restarted: a down site stays down" "$IAD" "$(www_from $GERMANY)"; done
wait_for_line dnsd "healthd is back"
kill -USR1 "${pids[site-fra]}"
within $RISE_MS "and it follows what it sees from there on" "$FRA" www_from $GERMANY

# dnsd restarts: it finds the table as it is.
stop site-fra KILL
within $FALL_MS "fra dies again" "$IAD" www_from $GERMANY
stop dnsd
expect "dnsd ends with status 0 on SIGTERM" 0 "$status"
start_dnsd
expect "a restarted dnsd never answers a dead site" "$IAD" "$(www_from $GERMANY)"
stop healthd
expect "healthd ends with status 0 on SIGTERM" 0 "$status"
finish
