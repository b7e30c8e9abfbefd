# SPDX-License-Identifier: MIT
# What the system tests share: real daemons in a scratch folder, questions asked with dig, and expectations.
# A test is a script that sources this file; it runs from the repository root, uses addresses and ports of its
# own (never those of `make run`), and leaves no process behind.
#
#   MERIDIAN_BUILD  the build under test (default: build)

set -u

BUILD=${MERIDIAN_BUILD:-build}
TEST=$(basename "$0" .sh)
DIR=$PWD/$BUILD/test/system/$TEST
PORT=5377        # of dnsd, on 127.0.0.1 and ::1
SITE_PORT=8077   # of the stand-in sites
FRA=127.0.77.11 IAD=127.0.77.12 SIN=127.0.77.13
GERMANY=91.0.0.0/24 VIRGINIA=52.0.0.0/24 SINGAPORE=165.21.0.0/24 ENGLAND=81.2.69.0/24

passed=0 failed=0
declare -A pids=()

rm -rf "$DIR"
mkdir -p "$DIR"

# --- processes --------------------------------------------------------------------------------------------

# start NAME COMMAND...: in the background, output to $DIR/NAME.log; that of an earlier one goes to NAME.log.1
start() {
    local name=$1
    shift
    [ ! -f "$DIR/$name.log" ] || mv "$DIR/$name.log" "$DIR/$name.log.1"
    "$@" >"$DIR/$name.log" 2>&1 &
    pids[$name]=$!
}

# stop NAME [SIGNAL]: ends a process and waits for it; its exit status is in $status
stop() {
    local name=$1 signal=${2:-TERM}
    kill "-$signal" "${pids[$name]}" 2>/dev/null
    wait "${pids[$name]}" 2>/dev/null
    status=$?
    unset "pids[$name]"
}

stop_all() {
    local name
    for name in "${!pids[@]}"; do
        kill -KILL "${pids[$name]}" 2>/dev/null
        wait "${pids[$name]}" 2>/dev/null
    done
}
trap stop_all EXIT
trap 'exit 1' INT TERM

start_site() { # NAME ADDRESS
    start "site-$1" "$BUILD/test/origin" "$1" "$2@$SITE_PORT"
    wait_for_line "site-$1" "listens on"
}

start_dnsd() {
    start dnsd "$BUILD/bin/dnsd" -c "$DIR/meridian.yaml"
    wait_for_line dnsd "is ready"
}

start_healthd() {
    start healthd "$BUILD/bin/healthd" -c "$DIR/meridian.yaml" --log-level debug
    wait_for_line healthd "probing"
}

# wait_for_line NAME TEXT [COUNT]: until the log of NAME has TEXT (COUNT times), at most 15 seconds
wait_for_line() {
    local i count
    for ((i = 0; i < 750; i++)); do
        count=$(grep -c -- "$2" "$DIR/$1.log" 2>/dev/null)
        [ "${count:-0}" -ge "${3:-1}" ] && return 0
        sleep 0.02
    done
    fail "$1 logs \"$2\"" "within 15 s" "$(tail -n 5 "$DIR/$1.log" 2>/dev/null)"
    return 1
}

# --- configuration ----------------------------------------------------------------------------------------

# The sample zone with three sites, timings short enough for a test; standard input is appended.
write_config() {
    cp zones/example/example.com.zone "$DIR/"
    cat >"$DIR/meridian.yaml" <<EOF
server: { listen: ["127.0.0.1@$PORT", "::1@$PORT"], threads: 2, run_dir: run, nsid: ns1.test }
geoip: { databases: [$PWD/build/geoip/dbip-country.mmdb] }
sites:
  fra: { at: [50.03, 8.57] }
  iad: { at: [38.95, -77.45] }
  sin: { at: [1.36, 103.99] }
maps: { default: { default: [fra, iad, sin] } }
checks:
  web: { type: http, port: $SITE_PORT, path: /healthz, status: [200], body: ok,
         interval: 1s, timeout: 500ms, confirm: 100ms, fall: 3, rise: 2 }
services:
  www:
    mode: active-active
    map: default
    check: web
    ttl: 30
    members:
      fra: { a: [$FRA] }
      iad: { a: [$IAD] }
      sin: { a: [$SIN] }
    all_down: serve-all
zones:
  example.com: { file: example.com.zone, steer: { "@": www, www: www, api: www } }
EOF
    cat >>"$DIR/meridian.yaml"
}

# What the checks of write_config promise, in milliseconds: until a dead site has left the answers
# (interval + 2 x (confirm + timeout)), until one that is back has returned.
FALL_MS=2200 RISE_MS=2600

# --- questions and expectations -----------------------------------------------------------------------------

ask() { # DIG ARGUMENTS: the answer section's data, sorted, on one line
    dig @127.0.0.1 -p "$PORT" +short +time=1 +tries=1 "$@" 2>&1 | sort | tr '\n' ' ' | sed 's/ $//'
}

dig_full() {
    dig @127.0.0.1 -p "$PORT" +time=2 +tries=1 "$@" 2>&1
}

fail() { # MESSAGE EXPECTED GOT
    printf 'FAILED %s: %s\n  expected: %s\n  got:      %s\n' "$TEST" "$1" "$2" "$3"
    failed=$((failed + 1))
}

expect() { # MESSAGE EXPECTED GOT
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); else fail "$1" "$2" "$3"; fi
}

expect_match() { # MESSAGE EXTENDED-REGULAR-EXPRESSION GOT
    if grep -qE -- "$2" <<<"$3"; then passed=$((passed + 1)); else fail "$1" "/$2/" "$3"; fi
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# within MS MESSAGE EXPECTED COMMAND...: COMMAND prints EXPECTED before MS milliseconds have passed
within() {
    local limit=$1 message=$2 expected=$3 begin got took
    shift 3
    begin=$(now_ms)
    while :; do
        got=$("$@")
        took=$(($(now_ms) - begin))
        if [ "$got" = "$expected" ]; then
            passed=$((passed + 1))
            printf '  %s: after %d ms (limit %d)\n' "$message" "$took" "$limit"
            return
        fi
        if [ "$took" -gt "$limit" ]; then
            fail "$message" "$expected within $limit ms" "$got after $took ms"
            return
        fi
        sleep 0.02
    done
}

finish() {
    echo "$TEST: $passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
