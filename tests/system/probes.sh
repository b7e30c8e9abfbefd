#!/bin/bash
# SPDX-License-Identifier: MIT
# Every type of check against real servers: what is up, what is down, and the reason that the log gives.
. tests/system/lib.sh

PORT=5378 TLS_PORT=8478 SITE_PORT=8078
CHECKS=$DIR/checks SERVICES=$DIR/services
: >"$CHECKS" >"$SERVICES"

# check NAME ADDRESS[@PORT] KEYS: a check, and a service that stands or falls with it
check() {
    echo "  $1: { $3, interval: 1s, timeout: 500ms, confirm: 50ms, fall: 2, rise: 1 }" >>"$CHECKS"
    echo "  $1: { check: $1, members: { fra: { a: [192.0.2.$((++services))], probe: $2 } } }" >>"$SERVICES"
}
services=0

write_probes() {
    cat >"$DIR/meridian.yaml" <<EOF
server: { listen: ["127.0.0.1@$PORT"], threads: 1, run_dir: run }
geoip: { databases: [$PWD/build/geoip/dbip-country.mmdb] }
sites: { fra: { at: [50.03, 8.57] } }
checks:
$(cat "$CHECKS")
services:
$(cat "$SERVICES")
zones:
  example.com: { file: example.com.zone, steer: { www: plain } }
EOF
}

# up NAME, down NAME REASON: what the log says of a check, and what status shows
up() {
    wait_for_line healthd "fra is up.* for $1: .* passed" && passed=$((passed + 1))
}
down() {
    wait_for_line healthd "fra is down for $1: .*, last: $2;" && passed=$((passed + 1))
}
state() {
    "$BUILD/bin/meridian" -c "$DIR/meridian.yaml" status 2>/dev/null | sed -n "s/^$1  *fra  *\([a-z]*\).*/\1/p"
}

# running PID-PATTERN: command lines of processes, with a space behind each word
running() {
    local file
    for file in /proc/$1/cmdline; do { tr "\0" " " <"$file" && echo; } 2>/dev/null; done
}

# --- certificates -------------------------------------------------------------------------------------------

quiet() { "$@" >>"$DIR/openssl.log" 2>&1 || fail "openssl" "success" "$(tail -n 3 "$DIR/openssl.log")"; }

quiet openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Test CA" \
    -keyout "$DIR/ca.key" -out "$DIR/ca.pem"

# certificate NAME HOST FROM TO: by our authority, times as YYYYMMDDHHMMSSZ
certificate() {
    quiet openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$DIR/$1.key" -out "$DIR/$1.csr"
    : >"$DIR/index.txt"
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n%s\n' \
        "$DIR/index.txt" "$DIR" "x509_extensions=x
[p]
commonName=supplied
[x]
subjectAltName=DNS:$2" >"$DIR/ca.cnf"
    quiet openssl ca -batch -config "$DIR/ca.cnf" -cert "$DIR/ca.pem" -keyfile "$DIR/ca.key" \
        -startdate "$3" -enddate "$4" -in "$DIR/$1.csr" -out "$DIR/$1.pem"
}
in_days() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; }
certificate valid www.example.com "$(in_days -1)" "$(in_days 60)"
certificate soon www.example.com "$(in_days -1)" "$(in_days +3)"
certificate expired www.example.com "$(in_days -9)" "$(in_days -1)"
certificate early www.example.com "$(in_days 1)" "$(in_days 9)"
certificate other other.example.com "$(in_days -1)" "$(in_days 60)"
quiet openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=www.example.com" \
    -addext "subjectAltName=DNS:www.example.com" -keyout "$DIR/self.key" -out "$DIR/self.pem"

# --- servers ------------------------------------------------------------------------------------------------

# tls_server NAME ADDRESS: HTTP over TLS, the files of $DIR
tls_server() {
    start "tls-$1" env -C "$DIR" openssl s_server -accept "$2:$TLS_PORT" -cert "$1.pem" -key "$1.key" -WWW
    wait_for_line "tls-$1" ACCEPT
}

# A server that speaks HTTP/2 and nothing else, as far as one request needs it (RFC 9113): for every connection
# SETTINGS, the acknowledgement of the client's, and after the request 200 with a body of "ok".
h2_server() {
    rm -f "$DIR/h2.in"
    mkfifo "$DIR/h2.in"
    exec 9<>"$DIR/h2.in"
    start tls-h2 bash -c 'exec openssl s_server -accept "$1" -cert "$2.pem" -key "$2.key" -alpn h2 <&9' h2 \
        "$1:$TLS_PORT" "$DIR/valid"
    wait_for_line tls-h2 ACCEPT
    start h2-frames bash -c '
        tail --pid=$$ -n +1 -f "$1" | while IFS= read -r line; do
            case $line in *"ALPN protocols selected: h2"*) ;; *) continue ;; esac
            sleep 0.1
            printf "\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0" >&9
            printf "\0\0\1\1\4\0\0\0\1\x88\0\0\3\0\1\0\0\0\1ok\n" >&9
        done' h2 "$DIR/tls-h2.log"
}

echo '{ "db": { "lag": 3, "state": "primary" } }' >"$DIR/health.json"
tls_server valid 127.0.78.11
tls_server soon 127.0.78.12
tls_server expired 127.0.78.13
tls_server early 127.0.78.14
tls_server other 127.0.78.15
tls_server self 127.0.78.16
h2_server 127.0.78.17
start_site fra 127.0.78.21

script() { # NAME, the text on standard input
    { echo '#!/bin/sh'; cat; } >"$DIR/$1"
    chmod 755 "$DIR/$1"
}
script pass <<<'test "$MERIDIAN_ADDRESS@$MERIDIAN_PORT" = 127.0.78.21@99 && echo fine'
script fail <<<'echo "replication lag 77 s"; echo more; exit 3'
script hang <<<'sleep 3600'
script fork <<EOF
sleep 3601 & [ -e $DIR/grandchild ] || echo \$! >$DIR/grandchild
wait
EOF

# --- checks -------------------------------------------------------------------------------------------------

CA="port: $TLS_PORT, ca_file: ca.pem"
check plain 127.0.78.21 "type: http, port: $SITE_PORT, path: /healthz, body_regex: '^ok.\$', status: [200, 300-399]"
check head 127.0.78.21 "type: http, port: $SITE_PORT, method: HEAD, headers: { X-Check: a }"
check valid 127.0.78.11 "type: https, $CA, host: www.example.com, path: /health.json, body: primary, min_days_left: 14"
check lag 127.0.78.11 "type: https, $CA, sni: www.example.com, path: /health.json, json: { pointer: /db/lag, less_than: 5 }"
check shake 127.0.78.11 "type: tls, $CA, sni: www.example.com, min_days_left: 14"
check soon 127.0.78.12 "type: https, $CA, host: www.example.com, path: /health.json, min_days_left: 14"
check soon_tls 127.0.78.12 "type: tls, $CA, sni: www.example.com, min_days_left: 14"
check expired 127.0.78.13 "type: https, $CA, host: www.example.com, path: /health.json"
check expired_tls 127.0.78.13 "type: tls, $CA, sni: www.example.com"
check early 127.0.78.14 "type: tls, $CA, sni: www.example.com"
check other 127.0.78.15 "type: https, $CA, host: www.example.com, path: /health.json"
check other_tls 127.0.78.15 "type: tls, $CA, sni: www.example.com"
check bare 127.0.78.11 "type: tls, $CA"
check self 127.0.78.16 "type: https, $CA, host: www.example.com, path: /health.json"
check stranger 127.0.78.11 "type: tls, port: $TLS_PORT, sni: www.example.com"
check unverified 127.0.78.16 "type: https, port: $TLS_PORT, verify: false, path: /health.json"
check http2 127.0.78.17 "type: https, $CA, host: www.example.com, body: ok"
check no_tls 127.0.78.21 "type: tls, port: $SITE_PORT, verify: false"
check tcp 127.0.78.21 "type: tcp, port: $SITE_PORT"
check talk 127.0.78.21 "type: tcp, port: $SITE_PORT, send: 'GET / HTTP/1.0\\r\\n\\r\\n', expect: 'X-Site: fra\\r\\n'"
check mute 127.0.78.21 "type: tcp, port: $SITE_PORT, expect: SSH-"
check closed 127.0.78.21 "type: tcp, port: 99"
check dns 127.0.0.1 "type: dns, port: $PORT, name: mail.example.com, record: AAAA, expect: [2001:db8::25]"
check soa 127.0.0.1 "type: dns, port: $PORT, name: example.com, record: SOA"
check nx 127.0.0.1 "type: dns, port: $PORT, name: nx.example.com, rcode: NXDOMAIN"
check refused 127.0.0.1 "type: dns, port: $PORT, name: example.net"
check hijack 127.0.0.1 "type: dns, port: $PORT, name: mail.example.com, record: AAAA, expect: [2001:db8::1]"
check pass 127.0.78.21 "type: exec, port: 99, command: [$DIR/pass]"
check fail 127.0.78.21 "type: exec, command: [$DIR/fail]"
check hang 127.0.78.21 "type: exec, command: [$DIR/hang]"
check fork 127.0.78.21 "type: exec, command: [$DIR/fork]"
check missing 127.0.78.21 "type: exec, command: [$DIR/missing]"
check ping 127.0.78.21 "type: icmp"

cp zones/example/example.com.zone "$DIR/"
write_probes
start_dnsd
start_healthd

for name in plain head valid lag shake unverified http2 tcp talk dns soa nx pass; do up $name; done
down soon "certificate of www.example.com expires in 2 days"
down soon_tls "certificate of www.example.com expires in 2 days"
down expired "certificate of www.example.com has expired"
down expired_tls "certificate of www.example.com has expired"
down early "certificate of www.example.com is not valid yet"
down other "certificate is not for www.example.com"
down other_tls "certificate is not for www.example.com"
down bare "certificate is not for 127.0.78.11"
down self "certificate of www.example.com is self-signed"
down stranger "certificate of www.example.com comes from an unknown authority, or its chain is incomplete"
down no_tls "TLS handshake failed: the server does not speak TLS"
down mute "timeout after 500ms, no answer"
down closed "connection refused"
down refused "REFUSED, want NOERROR"
down hijack "the answer has 2001:db8::25, which is not expected"
down fail "exit status 3: replication lag 77 s"
down hang "timeout after 500ms, killed"
down fork "timeout after 500ms, killed"
wait_for_line healthd "this machine cannot make its probes.*missing cannot be run: No such file" && passed=$((passed + 1))
expect "a check that cannot be made takes nothing out of service" unknown "$(state missing)"
expect_match "verify: false is loud" "warning: .*verify: false" "$(cat "$DIR/healthd.log")"
expect "status: up" up "$(state lag)"
expect "status: down" down "$(state expired)"
if [ "$(id -u)" -eq 0 ]; then
    up ping
else
    # Who may not ping knows nothing: the target is never called down for that. (The reason shares its line, once
    # a minute, with that of `missing`.)
    expect_match "an ordinary user may ping or knows nothing" "^(up|unknown)$" "$(state ping)"
fi
expect "the grandchild of a killed program is gone" "" \
    "$(running "$(cat "$DIR/grandchild")" | grep 3601)"
expect_match "the server saw HTTP/2" "ALPN protocols selected: h2" "$(tr -d '\0' <"$DIR/tls-h2.log")"

# What changes is followed, each for its own reason.
echo '{ "db": { "lag": 7, "state": "standby" } }' >"$DIR/health.json"
down lag "/db/lag is 7, want less than 5"
down valid 'body does not contain "primary"'
kill -USR1 "${pids[site-fra]}"
down plain "HTTP 503, want 200 or 300-399"
echo '{ "db": ' >"$DIR/health.json"
sleep 1.5
kill -USR1 "${pids[site-fra]}"
echo '{ "db": { "lag": 4, "state": "primary" } }' >"$DIR/health.json"
for name in lag valid plain; do
    wait_for_line healthd "fra is up again for $name: " && passed=$((passed + 1))
done

# A changed check keeps what is known of its target, and is probed by its new settings.
sed -i '/^  soon: /s/min_days_left: 14/min_days_left: 1/' "$DIR/meridian.yaml"
kill -HUP "${pids[healthd]}"
wait_for_line healthd "fra is up again for soon: " && passed=$((passed + 1))
expect "others are left alone" 1 "$(grep -c 'fra is down for soon_tls' "$DIR/healthd.log")"

stop healthd
expect "healthd ends with status 0, programs under way or not" 0 "$status"
expect "and leaves none behind" "" "$(sleep 0.2; running '[0-9]*' | grep -E '^sleep 360[01] $')"
finish
