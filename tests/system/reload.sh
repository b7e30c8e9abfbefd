#!/bin/bash
# SPDX-License-Identifier: MIT
# Reload under full load: no query is lost, every answer is of one version or the other, a storm of signals is
# few reloads, TCP clients do not wait for it, and a stop answers what was received.
. tests/system/lib.sh

write_config </dev/null
sed -i 's/threads: 2/threads: 2, tcp: { clients_per_address: 200 }/' "$DIR/meridian.yaml"

# set_version N: the address of version.example.com says which version of the zone is served
set_version() {
    sed "\$aversion 60 A 192.0.2.$1" zones/example/example.com.zone >"$DIR/next.zone"
    mv "$DIR/next.zone" "$DIR/example.com.zone"
}

reloads() { grep -c " reloaded;" "$DIR/dnsd.log"; }

reload() { # and wait until it is done
    local before
    before=$(reloads)
    kill -HUP "${pids[dnsd]}"
    wait_for_line dnsd " reloaded;" $((before + 1))
}

# verdict FILE: what is wrong with what a flood reports
verdict() { sed -n 's/^sent [0-9]* answered [0-9]* \(lost [0-9]* wrong [0-9]*\) .*/\1/p' "$1"; }
only() { sed 1d "$1" | cut -d' ' -f1,2 | sed 's/ [0-9]*$//' | sort -u | tr '\n' ' ' | sed 's/ $//'; }

set_version 1
start_dnsd
start flood-udp "$BUILD/test/flood" -s 16 -w 16 -d 6 127.0.0.1@$PORT version.example.com
start flood-tcp "$BUILD/test/flood" -t -s 8 -w 4 -r 2000 -d 6 127.0.0.1@$PORT version.example.com
for i in 1 2 3 4 5 6 7 8 9 10; do
    set_version 2
    reload
    set_version 1
    reload
done
set_version 2
reload
expect "after the last reload only the new version" "192.0.2.2" "$(ask version.example.com A)"
for flood in flood-udp flood-tcp; do
    wait "${pids[$flood]}"
    unset "pids[$flood]"
    echo "  $flood, 21 reloads: $(head -n 1 "$DIR/$flood.log")"
    expect "$flood: no query lost, none answered wrong" "lost 0 wrong 0" "$(verdict "$DIR/$flood.log")"
    expect "$flood: one version or the other" "192.0.2.1 192.0.2.2" "$(only "$DIR/$flood.log")"
done
expect "21 reloads" 21 "$(reloads)"

set_version 3
for ((i = 0; i < 100; i++)); do kill -HUP "${pids[dnsd]}"; done
within 3000 "after a storm of 100 signals the new version" "192.0.2.3" ask version.example.com A
sleep 0.5
storm=$(($(reloads) - 21))
expect_match "the storm is few reloads, not 100" "^([1-9]|1[0-9])$" "$storm"

# Stopping under load. What was sent is answered until the end; then the port is closed, which a client is told.
set_version 1
reload
start flood-udp "$BUILD/test/flood" -s 4 -w 64 -d 2 127.0.0.1@$PORT version.example.com
start flood-tcp "$BUILD/test/flood" -t -s 4 -w 64 -d 2 127.0.0.1@$PORT version.example.com
sleep 0.5
begin=$(now_ms)
stop dnsd
took=$(($(now_ms) - begin))
expect "SIGTERM under load: status 0" 0 "$status"
expect_match "it ends within two seconds (took $took ms)" "^[01]?[0-9]{0,3}$" "$took"
for flood in flood-udp flood-tcp; do wait "${pids[$flood]}"; unset "pids[$flood]"; done

# A signal that comes while the first load runs.
set_version 1
for ((i = 0; i < 200000; i++)); do echo "h$i 60 A 192.0.2.9"; done >>"$DIR/example.com.zone"
start dnsd "$BUILD/bin/dnsd" -c "$DIR/meridian.yaml"
sleep 0.15
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd " reloaded;"
expect "SIGHUP while it starts: a reload, once it has" "192.0.2.1" "$(ask version.example.com A)"
stop dnsd
set_version 1

# Asked while it could not look, told to stop before it could: all of it is answered.
start_dnsd
kill -STOP "${pids[dnsd]}"
start flood-udp "$BUILD/test/flood" -s 4 -w 50 -d 1 127.0.0.1@$PORT version.example.com
start flood-tcp "$BUILD/test/flood" -t -s 4 -w 50 -d 1 127.0.0.1@$PORT version.example.com
sleep 1.3
kill -TERM "${pids[dnsd]}"
kill -CONT "${pids[dnsd]}"
stop dnsd
for flood in flood-udp flood-tcp; do
    wait "${pids[$flood]}"
    unset "pids[$flood]"
    expect "$flood: what was received before the end is answered" "sent 200 answered 200 lost 0 wrong 0" \
        "$(sed -n '1s/ max.*//p' "$DIR/$flood.log")"
done
finish
