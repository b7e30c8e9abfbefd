#!/bin/bash
# SPDX-License-Identifier: MIT
# TCP clients, those that behave and those that do not, beside one that just wants an answer.
. tests/system/lib.sh

write_config </dev/null
sed -i 's/threads: 2/threads: 2, tcp: { clients: 40, clients_per_address: 20, idle: 1s }/' "$DIR/meridian.yaml"
for ((i = 100; i < 330; i++)); do printf 'big TXT "%0230d"\n' $i; done >>"$DIR/example.com.zone"
start_dnsd

tcp() { timeout 30 "$BUILD/test/tcp_client" 127.0.0.1@$PORT "$@" 2>&1 | tr '\n' ' ' | sed 's/ $//'; }
alive() { expect "$1: others are answered" "2001:db8::25" "$(ask mail.example.com AAAA +tcp)"; }

expect "1000 queries in one piece" "answers 1000" "$(tcp mail.example.com ask 1000 read 1000)"
expect "octet by octet" "answers 1" "$(tcp mail.example.com drip 5 read 1)"
expect "a client that has ended its side gets everything" "answers 30 closed" \
    "$(tcp big.example.com ask 30 end read 30 closed 500)"
expect "answers of 57 KB" "answers 100" "$(tcp big.example.com ask 100 wait 300 read 100)"
expect_match "dig takes such an answer whole" "ANSWER: 230," "$(dig_full +tcp big.example.com TXT)"
expect "over UDP it is cut, and dig comes back over TCP" 230 "$(dig_full big.example.com TXT | grep -c '^big')"
expect "a second query after a pause" "answers 1 answers 1" \
    "$(tcp mail.example.com ask 1 read 1 wait 700 ask 1 read 1)"
expect "garbage: closed" "closed" "$(tcp mail.example.com octets 0000 closed 500)"
expect "garbage behind a query: the query is answered" "answers 1 closed" \
    "$(tcp mail.example.com ask 1 octets 0005deadbeef00 read 1 closed 500)"
expect "silent: closed when idle" "closed" "$(tcp mail.example.com closed 1600)"
expect "but not before" "open" "$(tcp mail.example.com closed 600)"
expect "slower than it may: closed" "closed" "$(tcp mail.example.com drip 60 closed 100)"

start deaf "$BUILD/test/tcp_client" 127.0.0.1@$PORT big.example.com ask 3000 wait 10000
alive "a client that never reads"
start greedy "$BUILD/test/tcp_client" 127.0.0.1@$PORT mail.example.com ask 10000 wait 100 read 10000
alive "a client with 10,000 queries"
wait_for_line greedy "answers 10000"
most_kb=100000
grep -q __asan_init "$BUILD/bin/dnsd" && most_kb=800000 # which keeps what was freed
[ ! -r "/proc/${pids[dnsd]}/status" ] || expect "it costs no memory to speak of" "below $most_kb kB" \
    "$(awk -v most=$most_kb '/VmRSS/ {print ($2 < most ? "below " most : $2) " kB"}' "/proc/${pids[dnsd]}/status")"

start crowd "$BUILD/test/tcp_client" 127.0.0.1@$PORT mail.example.com crowd 200 wait 500
alive "200 that connect and sit"
wait_for_line crowd "crowd"
expect "of them as many stay as one address may have, with the client itself" "yes" \
    "$([ "$(grep -o '[0-9]*' "$DIR/crowd.log")" -le 20 ] && echo yes)"

# Other limits take effect with a reload, for clients that are connected already.
sed -i 's/idle: 1s/idle: 3s/' "$DIR/meridian.yaml"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd " reloaded;"
expect "after a reload a longer idle time" "open" "$(tcp mail.example.com closed 2000)"

# Fewer descriptors than clients.
stop dnsd
sed -i 's/tcp: {[^}]*}/tcp: { clients: 1000, clients_per_address: 1000, idle: 30s }/' "$DIR/meridian.yaml"
start dnsd bash -c "ulimit -n 60; exec $BUILD/bin/dnsd -c $DIR/meridian.yaml"
wait_for_line dnsd "is ready"
start crowd "$BUILD/test/tcp_client" 127.0.0.1@$PORT mail.example.com crowd 200 wait 2000
sleep 0.5
alive "no descriptor left"
expect_match "it says so" "cannot be accepted: Too many open files.*LimitNOFILE" "$(cat "$DIR/dnsd.log")"
expect "once" 1 "$(grep -c "Too many" "$DIR/dnsd.log")"
stop dnsd
expect "and it ends as it should" 0 "$status"
finish
