#!/bin/bash
# SPDX-License-Identifier: MIT
# Whatever is wrong with the input: a line that says where and what, exit status 1, nothing half-started.
. tests/system/lib.sh

# refused MESSAGE PATTERN DAEMON...: every daemon refuses the configuration in $DIR with a matching line
refused() {
    local message=$1 pattern=$2 daemon output code
    shift 2
    for daemon in "$@"; do
        output=$(timeout 10 "$BUILD/bin/$daemon" -c "$DIR/meridian.yaml" 2>&1)
        code=$?
        expect "$message: $daemon ends with status 1" 1 "$code"
        expect_match "$message: $daemon says so" "$pattern" "$output"
    done
}

# break SED-PROGRAM: a fresh configuration with one thing wrong
break_config() {
    write_config </dev/null
    sed -i "$1" "$DIR/meridian.yaml"
}

rm -f "$DIR/meridian.yaml"
refused "no configuration" "meridian.yaml: error: .*No such file" dnsd healthd
break_config 's/^sites:/sites: [/'
refused "broken YAML" "meridian.yaml:[0-9]+:[0-9]+: error" dnsd healthd
break_config 's/interval: 1s/intervall: 1s/'
refused "an unknown key" "meridian.yaml:10:[0-9]+: error: .*intervall.*did you mean .interval" dnsd healthd
break_config 's/sin: { a:/sni: { a:/'
refused "an unknown site in a service" "meridian.yaml:[0-9]+:7: error: .*sni.*did you mean .sin" dnsd healthd
break_config 's/ttl: 30/balance: weighted/'
refused "a function that comes later" "not supported yet" dnsd healthd
break_config "s|databases: .*|databases: [missing.mmdb] }|"
refused "a missing database" "missing.mmdb.*No such file" dnsd
break_config "s|databases: .*|databases: [broken.mmdb] }|"
head -c 100000 build/geoip/dbip-country.mmdb >"$DIR/broken.mmdb"
refused "a truncated database" "broken.mmdb" dnsd
head -c 100000 /dev/urandom >"$DIR/broken.mmdb"
refused "a random database" "broken.mmdb" dnsd
: >"$DIR/broken.mmdb"
refused "an empty database" "broken.mmdb" dnsd
write_config </dev/null
sed -i '/SOA/,/negative TTL/d' "$DIR/example.com.zone"
refused "a zone without SOA" "example.com.zone.*SOA" dnsd
write_config </dev/null
echo 'bad A 300.1.2.3' >>"$DIR/example.com.zone"
echo 'mail CNAME www' >>"$DIR/example.com.zone"
refused "a broken record" "example.com.zone:$(($(wc -l <"$DIR/example.com.zone") - 1)):? .*error" dnsd
refused "and the next mistake in the same run" "example.com.zone:[0-9]+: error: .*CNAME" dnsd
write_config </dev/null
rm "$DIR/example.com.zone"
refused "a missing zone file" "example.com.zone.*No such file" dnsd

expect "-t finds nothing wrong with a correct file" 0 \
    "$(write_config </dev/null; "$BUILD/bin/dnsd" -t -c "$DIR/meridian.yaml" >/dev/null 2>&1; echo $?)"
expect "meridian check neither" 0 "$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" check >/dev/null 2>&1; echo $?)"
expect "the sample has no finding at all" "" "$("$BUILD/bin/meridian" -c zones/example/meridian.yaml check 2>&1 >/dev/null)"
expect "an unknown option: status 2" 2 "$("$BUILD/bin/dnsd" --nonsense 2>/dev/null; echo $?)"
expect "no configuration named: status 2" 2 "$("$BUILD/bin/healthd" 2>/dev/null; echo $?)"

write_config </dev/null
start_dnsd
start_healthd
output=$(timeout 10 "$BUILD/bin/dnsd" -c "$DIR/meridian.yaml" 2>&1)
expect "a second dnsd on the same port: status 1" 1 $?
expect_match "and it says why" "cannot listen on 127.0.0.1@$PORT.*in use" "$output"
output=$(timeout 10 "$BUILD/bin/healthd" -c "$DIR/meridian.yaml" 2>&1)
expect "a second healthd in the same run_dir: status 1" 1 $?
expect_match "and it says why" "run.*another healthd|another healthd.*run" "$output"
expect "the first dnsd answers on" "2001:db8::25" "$(ask mail.example.com AAAA)"

# A reload that fails changes nothing.
echo 'broken A 300.1.2.3' >>"$DIR/example.com.zone"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "previous version, serial [0-9]*, stays in service"
expect "after a broken zone the old one stays in service" "2001:db8::25" "$(ask mail.example.com AAAA)"
sed -i '$d' "$DIR/example.com.zone"
echo 'new A 192.0.2.99' >>"$DIR/example.com.zone"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "meridian.yaml reloaded" 2
expect "a good one takes over" "192.0.2.99" "$(ask new.example.com A)"
sed -i 's/interval: 1s/interval: 0s/' "$DIR/meridian.yaml"
kill -HUP "${pids[healthd]}"
wait_for_line healthd "configuration stays"
expect "healthd goes on with what it had" "running" \
    "$(sed -i 's/interval: 0s/interval: 1s/' "$DIR/meridian.yaml"; "$BUILD/bin/meridian" -c "$DIR/meridian.yaml" status | grep -o running)"
finish
