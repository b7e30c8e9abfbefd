#!/bin/bash
# SPDX-License-Identifier: MIT
# Where dnsd listens: the address a reply comes from, addresses and threads that change in a reload, addresses
# that cannot be had.
. tests/system/lib.sh

write_config </dev/null
listen() { sed -i "s/listen: \[[^]]*\]/listen: [$1]/" "$DIR/meridian.yaml"; }
at() { dig "@$1" -p "$2" +short +time=1 +tries=1 "${@:4}" "$3" AAAA 2>&1 | grep -v '^;' | tail -n 1; }
WANTED="2001:db8::25"

# dig takes an answer only from the address it asked.
listen "\"0.0.0.0@$PORT\", \"::@$PORT\""
start_dnsd
for address in 127.0.0.1 127.0.0.2 127.1.2.3 ::1; do
    expect "wildcard, asked at $address" "$WANTED" "$(at $address $PORT mail.example.com)"
    expect "wildcard, asked at $address over TCP" "$WANTED" "$(at $address $PORT mail.example.com +tcp)"
done
stop dnsd

OTHER=$((PORT + 1))
listen "\"127.0.0.1@$PORT\", \"::1@$PORT\""
start_dnsd
reload() {
    local before
    before=$(grep -c -e " reloaded;" -e "was not loaded" "$DIR/dnsd.log")
    kill -HUP "${pids[dnsd]}"
    for ((i = 0; i < 500; i++)); do
        [ "$(grep -c -e " reloaded;" -e "was not loaded" "$DIR/dnsd.log")" -gt "$before" ] && return
        sleep 0.02
    done
}

start flood "$BUILD/test/flood" -s 32 -w 16 -d 6 127.0.0.1@$PORT ns1.example.com
start flood-tcp "$BUILD/test/flood" -t -s 8 -w 16 -r 2000 -d 6 127.0.0.1@$PORT ns1.example.com
sleep 0.3
listen "\"127.0.0.3@$OTHER\", \"127.0.0.1@$PORT\""
reload
expect "a new address answers" "$WANTED" "$(at 127.0.0.3 $OTHER mail.example.com)"
expect "over TCP as well" "$WANTED" "$(at 127.0.0.3 $OTHER mail.example.com +tcp)"
expect "one that stays answers" "$WANTED" "$(at 127.0.0.1 $PORT mail.example.com)"
expect "one that was taken out does not" "" "$(at ::1 $PORT mail.example.com)"
expect "nor over TCP" "" "$(at ::1 $PORT mail.example.com +tcp)"
for threads in 5 1 4 2 3 1; do
    sed -i "s/threads: [0-9]/threads: $threads/" "$DIR/meridian.yaml"
    reload
    expect_match "$threads threads" "UDP .$threads threads" "$(tail -n 3 "$DIR/dnsd.log")"
    expect "they all answer" 20 \
        "$(for ((i = 0; i < 20; i++)); do at 127.0.0.3 $OTHER mail.example.com; done | grep -c "$WANTED")"
done

# What cannot be bound refuses the whole reload.
start holder "$BUILD/test/origin" holder "127.0.0.4@$OTHER"
wait_for_line holder "listens on"
listen "\"127.0.0.1@$PORT\", \"127.0.0.4@$OTHER\", \"192.0.2.99@$PORT\""
sed -i 's/nsid: ns1.test/nsid: ns2.test/' "$DIR/meridian.yaml"
reload
expect_match "an address in use" "cannot listen on 127.0.0.4@$OTHER .TCP.*in use.*another program" "$(cat "$DIR/dnsd.log")"
expect_match "an address of another machine" "192.0.2.99@$PORT.*does not have that address" "$(cat "$DIR/dnsd.log")"
expect "nothing has changed: the old address" "$WANTED" "$(at 127.0.0.3 $OTHER mail.example.com)"
expect_match "nothing has changed: the rest of the file" "6e 73 31" "$(dig_full +nsid mail.example.com)"
for flood in flood flood-tcp; do
    wait "${pids[$flood]}"
    unset "pids[$flood]"
    expect_match "$flood: the address that stayed lost no query" " lost 0 wrong 0 " "$(head -n 1 "$DIR/$flood.log")"
done
stop dnsd

listen "\"fe80::1@$PORT\"" # no port that needs root
expect_match "a link-local address" "fe80::1@$PORT.*link-local.*listen on" "$("$BUILD/bin/dnsd" -c "$DIR/meridian.yaml" 2>&1)"
finish
