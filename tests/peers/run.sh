#!/bin/bash
# SPDX-License-Identifier: MIT
# The differential test: Meridian, NSD, Knot and BIND serve the same zones on loopback, differential asks all four
# the same questions and compares. run.sh [SEED]
#
# Each folder of tests/peers/zones is a run with servers of its own, on 127.0.0.1 (named binds no address that no
# interface has) and consecutive ports: Meridian, NSD, Knot, BIND. Their peculiarities that have a switch are switched to what Meridian does:
# minimal responses, UDP answers of at most 1232 octets, no cookies, no rate limits.
#
#   MERIDIAN_BUILD  the build under test (default: build)
#   PEERS           where `make peers` has unpacked the others (default: build/peers/root)
set -u

seed=${1:-1}
build=${MERIDIAN_BUILD:-build}
root=$PWD/${PEERS:-build/peers/root}
work=$PWD/$build/test/peers/run
pids=()

stop_all() {
    trap - EXIT INT TERM
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
}
trap stop_all EXIT
trap 'exit 1' INT TERM

start() { # LOG COMMAND...
    local log=$1
    shift
    "$@" >"$log" 2>&1 &
    pids+=($!)
}

peer() { # LOG PROGRAM ARGUMENT...
    local log=$1
    shift
    start "$log" sh tests/peers/with.sh "$root" "$@"
}

zones_of() { # FOLDER: "name file" of every zone; root.zone is the zone "."
    local file name
    for file in "$1"/*.zone; do
        name=$(basename "$file" .zone)
        [ "$name" != root ] || name=.
        echo "$name $file"
    done
}

start_meridian() { # RUN PORT FOLDER
    local name file steering=tests/peers/zones/$1/steering.yaml
    {
        echo "server: { listen: [\"127.0.0.1@$2\"], threads: 1, run_dir: run }"
        if [ -f "$steering" ]; then cat "$steering"; else echo "zones:"; fi
        [ -f "$steering" ] || zones_of "$3" | while read -r name file; do
            echo "  \"$name\": { file: $file }"
        done
    } >"$3/meridian.yaml"
    start "$3/meridian.log" "$build/bin/dnsd" -c "$3/meridian.yaml"
}

start_nsd() { # PORT FOLDER
    local name file
    cat >"$2/nsd.conf" <<CONF
server:
    ip-address: 127.0.0.1@$1
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: ""
    zonelistfile: "$2/nsd.list"
    database: ""
    pidfile: ""
    xfrdfile: ""
    xfrdir: "$2"
    cookie-secret-file: "$2/nsd.cookies"
    ipv4-edns-size: 1232
    minimal-responses: yes
    refuse-any: no
    answer-cookie: no
    rrl-ratelimit: 0
    tcp-query-count: 0
remote-control:
    control-enable: no
CONF
    zones_of "$2" | while read -r name file; do
        printf 'zone:\n    name: "%s"\n    zonefile: "%s"\n' "$name" "$file"
    done >>"$2/nsd.conf"
    peer "$2/nsd.log" nsd -d -c "$2/nsd.conf"
}

start_knot() { # PORT FOLDER
    local name file
    mkdir -p "$2/knot"
    cat >"$2/knot.conf" <<CONF
server:
    listen: 127.0.0.1@$1
    rundir: $2/knot
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    udp-max-payload: 1232
    answer-rotation: off
database:
    storage: $2/knot
log:
  - target: stdout
    any: info
template:
  - id: default
    storage: $2/knot
    semantic-checks: off
    journal-content: none
    zonefile-sync: -1
zone:
CONF
    zones_of "$2" | while read -r name file; do
        printf '  - domain: "%s"\n    file: "%s"\n' "$name" "$file"
    done >>"$2/knot.conf"
    peer "$2/knot.log" knotd -c "$2/knot.conf"
}

start_bind() { # PORT FOLDER
    local name file
    mkdir -p "$2/bind"
    cat >"$2/named.conf" <<CONF
options {
    directory "$2/bind";
    listen-on port $1 { 127.0.0.1; };
    listen-on-v6 { none; };
    pid-file none;
    session-keyfile none;
    recursion no;
    empty-zones-enable no;
    minimal-responses yes;
    minimal-any yes;
    edns-udp-size 1232;
    max-udp-size 1232;
    answer-cookie no;
    zero-no-soa-ttl no;
    check-names primary ignore;
    check-integrity no;
    dnssec-validation no;
    max-records-per-type 0;
    max-types-per-name 0;
    notify no;
    allow-transfer { none; };
    zone-statistics none;
};
controls { };
CONF
    zones_of "$2" | while read -r name file; do
        printf 'zone "%s" { type primary; file "%s"; };\n' "$name" "$file"
    done >>"$2/named.conf"
    peer "$2/bind.log" named -g -n 1 -c "$2/named.conf"
}

ready() { # PORT ZONE LOG: at most 20 seconds
    local _
    for _ in $(seq 200); do
        kill -0 "${pids[@]}" 2>/dev/null || break
        dig @127.0.0.1 -p "$1" +time=1 +tries=1 +norec "$2" SOA 2>/dev/null | grep -q 'status: NOERROR' && return
        sleep 0.1
    done
    echo "no answer from port $1 for $2, or a server ended; the end of $3:"
    tail -n 5 "$3"
    exit 1
}

start_run() { # RUN PORT: the first of four
    local folder=$work/$1 name file
    mkdir -p "$folder"
    cp "tests/peers/zones/$1"/*.zone "$folder/"
    [ "$1" != names ] || sh tests/peers/large.sh >"$folder/large.test.zone"
    start_meridian "$1" "$2" "$folder"
    start_nsd $(($2 + 1)) "$folder"
    start_knot $(($2 + 2)) "$folder"
    start_bind $(($2 + 3)) "$folder"
    while read -r name file; do
        ready "$2" "$name" "$folder/meridian.log"
        ready $(($2 + 1)) "$name" "$folder/nsd.log"
        ready $(($2 + 2)) "$name" "$folder/knot.log"
        ready $(($2 + 3)) "$name" "$folder/bind.log"
    done < <(zones_of "$folder")
}

rm -rf "$work"
port=5380 runs=()
for run in names root steered; do
    start_run $run $port
    runs+=("$run:$port:$work/$run")
    port=$((port + 4))
done
[ -z "${PEERS_HOLD:-}" ] || { echo "held for questions"; sleep "$PEERS_HOLD"; }
"$build/test/peers/differential" "$seed" docs/differences.md "${runs[@]}"
