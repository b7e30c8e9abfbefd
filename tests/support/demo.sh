#!/bin/bash
# SPDX-License-Identifier: MIT
# `make run`: stand-in sites for every member of the sample configuration, healthd and dnsd, in the
# foreground until Ctrl-C. demo.sh CONFIG
#
#   MERIDIAN_BUILD  the build to run (default: build)
set -u

config=$1
build=${MERIDIAN_BUILD:-build}
port=$(sed -n 's/.*listen: \["127\.0\.0\.1@\([0-9]*\)".*/\1/p' "$config")
site_port=$(sed -n 's/.*type: http, port: \([0-9]*\).*/\1/p' "$config")
pids=()

stop_all() {
    trap - EXIT
    trap '' INT TERM # a second Ctrl-C must not leave anything behind
    echo
    echo "stopping"
    kill "${pids[@]}" 2>/dev/null
    wait
}
trap stop_all EXIT
trap 'exit 0' INT TERM

start() {
    "$@" &
    pids+=($!)
}

kill_lines=
while read -r name address; do
    start "$build/test/origin" "$name" "$address@$site_port"
    disown $! # whose death is no news for the shell
    kill_lines="$kill_lines  kill -9 $!        # $name"$'\n'
done <<EOF
$(sed -n 's/^ *\([a-z]*\): { a: \[\([0-9.]*\)\] }.*/\1 \2/p' "$config")
EOF
sleep 0.3
start "$build/bin/healthd" -c "$config"
start "$build/bin/dnsd" -c "$config"

ready=no
for _ in $(seq 100); do
    for pid in "${pids[@]}"; do
        kill -0 "$pid" 2>/dev/null || {
            echo "one of the programs ended; what it said stands above"
            exit 1
        }
    done
    if dig @127.0.0.1 -p "$port" +time=1 +tries=1 +short example.com SOA 2>/dev/null | grep -q .; then
        ready=yes
        break
    fi
    sleep 0.1
done
[ $ready = yes ] || {
    echo "dnsd does not answer on 127.0.0.1 port $port"
    exit 1
}
sleep 2.5 # two rounds of probes: then status shows what they found
echo
"$build/bin/meridian" -c "$config" status
cat <<EOF

Ask, in another terminal:

  dig @127.0.0.1 -p $port www.example.com +subnet=91.0.0.0/24        # a client in Germany
  dig @127.0.0.1 -p $port www.example.com +subnet=52.0.0.0/24        # in Virginia
  dig @127.0.0.1 -p $port www.example.com +subnet=165.21.0.0/24      # in Singapore
  dig @::1 -p $port shop.example.com +subnet=2003::/32               # over IPv6, through a CNAME
  curl http://\$(dig @127.0.0.1 -p $port +short www.example.com +subnet=91.0.0.0/24):$site_port/    # which site speaks?

Kill a site, ask again a few seconds later, bring it back:

$kill_lines  $build/test/origin fra 127.0.0.11@$site_port

See what healthd sees:

  $build/bin/meridian -c $config status

Ctrl-C stops everything.

EOF
# Sites may be killed, that is the point; the two daemons may not.
wait -n "${pids[@]: -2}"
echo "a daemon ended; what it said stands above"
