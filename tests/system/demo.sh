#!/bin/bash
# SPDX-License-Identifier: MIT
# What `make run` shows, with the sample configuration on other ports: the lines it prints work when pasted, and
# Ctrl-C leaves nothing behind.
. tests/system/lib.sh

cp zones/example/example.com.zone "$DIR/"
sed -e "s/@5300/@$PORT/g; s/port: 8080/port: $SITE_PORT/; s|\.\./\.\./build/run|run|; s|\.\./\.\./build/geoip|$PWD/build/geoip|" \
    zones/example/meridian.yaml >"$DIR/meridian.yaml"
set -m # a process group of its own, as in a terminal
start demo bash tests/support/demo.sh "$DIR/meridian.yaml"
set +m
wait_for_line demo "Ctrl-C stops everything"

# pasted WORDS: the dig line with these words, as a shell would run it; the addresses it shows
pasted() {
    sh -c "$(grep -F "dig @" "$DIR/demo.log" | grep -F "$1" | head -n 1)" | awk '$4 == "A" {print $5}'
}
expect "the line for Germany" 127.0.0.11 "$(pasted "a client in Germany")"
expect "the line for Virginia" 127.0.0.12 "$(pasted "in Virginia")"
expect "the line for Singapore" 127.0.0.13 "$(pasted "in Singapore")"
expect "the line over IPv6" 127.0.0.11 "$(pasted "over IPv6")"
expect "the line with curl" "fra" "$(sh -c "$(grep -F 'curl http' "$DIR/demo.log")" 2>/dev/null)"
expect "status is printed" 3 "$(grep -cE '^www +(fra|iad|sin) +up ' "$DIR/demo.log")"

kill_line=$(grep -E 'kill -9 .*# fra' "$DIR/demo.log")
expect_match "every site has a line to kill it" "kill -9 [0-9]+" "$kill_line"
sh -c "$kill_line"
# The sample's checks: interval 2s + 2 x (confirm 250ms + timeout 1s).
within 4500 "pasted: the site dies, the next nearest answers" 127.0.0.12 ask www.example.com +subnet=$ENGLAND
start_line=$(grep -E '^ *build.*/test/origin fra|^ *[^ ]*/test/origin fra' "$DIR/demo.log" | head -n 1)
start restarted sh -c "exec $start_line"
within 4500 "pasted: it is back" 127.0.0.11 ask www.example.com +subnet=$ENGLAND

started="$(sed -n 's/^ *kill -9 \([0-9]*\).*/\1/p; s/^healthd: running, pid \([0-9]*\).*/\1/p' "$DIR/demo.log")"
demo=${pids[demo]}
kill -INT -- "-$demo"
wait "$demo" 2>/dev/null
unset "pids[demo]"
running() {
    for pid in $started; do kill -0 "$pid" 2>/dev/null && echo "$pid"; done
}
within 2000 "Ctrl-C ends every program" "" running
expect_match "nobody answers any more" "refused|no servers" "$(dig_full www.example.com)"
finish
