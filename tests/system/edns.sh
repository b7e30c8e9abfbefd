#!/bin/bash
# SPDX-License-Identifier: MIT
# What dig sees beside the answer: cookies and their rollover, NSID, keepalive, padding, extended errors, CH TXT,
# ANY, and rate limiting of clients that are not on this machine. Those get addresses in a network namespace.
if [ -z "${EDNS_NAMESPACE:-}" ]; then
    for how in -n -rn; do
        unshare $how true 2>/dev/null && EDNS_NAMESPACE=yes exec unshare $how bash "$0" "$@"
    done
fi
. tests/system/lib.sh
ip link set lo up 2>/dev/null

SECRET=e5e973e5a6b2a43f48e7dc849e37bfcf OTHER=445536bcd2513298075a5d379663c962
CLIENT=2464c4abcf10c957

# configure SERVER-KEYS [SECTION]: the usual configuration, with these keys in `server` and this section in front
configure() {
    write_config <<<"$2"
    sed -i "s/nsid: ns1.test/nsid: ns1.test, $1/" "$DIR/meridian.yaml"
}

reload() {
    kill -HUP "${pids[dnsd]}"
    wait_for_line dnsd "reloaded" "$1"
}

status() { dig_full "$@" | sed -n 's/.*status: \([A-Z]*\),.*/\1/p'; }
cookie() { dig_full mail.example.com "$@" | sed -n 's/^; COOKIE: \([0-9a-f]*\).*/\1/p'; }

configure "version: \"Meridian test\", any: full, cookies: { secret_file: secrets }" ""
echo $SECRET >"$DIR/secrets"
chmod 644 "$DIR/secrets"
start_dnsd
expect_match "a file of secrets that others can read: a warning" "secrets: warning: others than its owner|warning.*secrets.*chmod 600" \
    "$(cat "$DIR/dnsd.log")"

# --- cookies -------------------------------------------------------------------------------------------------

expect_match "dig's cookie comes back good" "COOKIE: [0-9a-f]{48} \(good\)" "$(dig_full mail.example.com)"
expect "no cookie to who sends none" "" "$(cookie +nocookie)"
first=$(cookie +cookie=$CLIENT)
expect_match "client cookie, version, reserved octets" "^${CLIENT}01000000[0-9a-f]{24}$" "$first"
expect "a good server cookie is kept" "$first" "$(cookie +cookie="$first")"
expect_match "a forged one: an answer all the same" "NOERROR" "$(status mail.example.com +cookie=${first%????}0000)"
expect_match "and a good one for the next time" "^${CLIENT}01000000" "$(cookie +cookie=${first%????}0000)"
expect "malformed cookie: FORMERR" "FORMERR" "$(status mail.example.com +nocookie +ednsopt=10:01020304)"
expect "no question, but a cookie" "NOERROR" "$(status mail.example.com +header-only +cookie=$CLIENT)"
expect "no question and no cookie" "FORMERR" "$(status mail.example.com +header-only +nocookie)"

printf '%s\n' $OTHER $SECRET >"$DIR/secrets"
reload 1
expect "rollover: the old secret still verifies" "$first" "$(cookie +cookie="$first")"
expect_match "the new one signs" "^${CLIENT}01000000" "$(cookie +cookie=$CLIENT)"
echo $OTHER >"$DIR/secrets"
reload 2
second=$(cookie +cookie="$first")
[ "$second" != "$first" ]
expect "the old one is gone: its cookie is replaced" 0 $?
echo nonsense >>"$DIR/secrets"
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "previous configuration stays"
expect_match "a bad secret: where" "secrets:2:1: .*32 hexadecimal" "$(cat "$DIR/dnsd.log")"
expect "and the previous ones stay in service" "$second" "$(cookie +cookie="$second")"

# --- other options -------------------------------------------------------------------------------------------

expect_match "keepalive over TCP: ten seconds" "TCP.KEEPALIVE: 10.0" "$(dig_full mail.example.com +tcp +keepalive)"
expect "keepalive over UDP: ignored" "" "$(dig_full mail.example.com +keepalive | grep -i "^; *tcp.keepalive")"
expect_match "padding over TCP: blocks of 468" "MSG SIZE  rcvd: 468$" "$(dig_full mail.example.com +tcp +padding=128)"
expect_match "padding over UDP: none" "MSG SIZE  rcvd: [0-9]{2}$" "$(dig_full mail.example.com +padding=128 +nocookie)"
expect_match "NSID" "NSID: 6e 73 31 2e 74 65 73 74" "$(dig_full +nsid mail.example.com)"
expect_match "REFUSED says why" "EDE: 20 \(Not Authoritative\)" "$(dig_full www.example.net)"
expect_match "class CH, too" "EDE: 18 \(Prohibited\)" "$(dig_full CH TXT authors.bind)"
expect_match "NOTIMP, too" "EDE: 21 \(Not Supported\)" "$(dig_full +opcode=notify example.com SOA)"
expect "without EDNS no words" "" "$(dig_full +noedns www.example.net | grep EDE)"

expect "version.bind" '"Meridian test"' "$(ask CH TXT version.bind)"
expect "version.server" '"Meridian test"' "$(ask CH TXT version.server)"
expect "id.server: as NSID" '"ns1.test"' "$(ask CH TXT id.server)"
expect "hostname.bind" '"ns1.test"' "$(ask CH TXT hostname.bind)"
expect "anything else: REFUSED" "REFUSED" "$(status CH TXT authors.bind)"

expect "ANY over UDP: one RRset" 1 "$(dig_full example.com ANY +notcp | awk '$3 == "IN" {print $4}' | sort -u | grep -c .)"
expect_match "ANY over TCP: all" "^CAA MX NS SOA TXT" \
    "$(dig_full example.com ANY +tcp | awk '$3 == "IN" {print $4}' | sort -u | grep -v '^A*$' | tr '\n' ' ')"
stop dnsd

# --- rate limits ---------------------------------------------------------------------------------------------

NEAR=198.18.1.1 FAR=198.18.2.1 EXEMPT=198.18.3.1
if ! { ip address add $NEAR/32 dev lo && ip address add $FAR/32 dev lo && ip address add $EXEMPT/32 dev lo; } 2>"$DIR/ip.log"; then
    echo "  no network namespace here ($(head -n 1 "$DIR/ip.log")): rate limiting is not tested"
    finish
fi

# flood SOURCE DIG-ARGUMENTS: 24 questions at once; how they ended, counted: "12 answered 6 truncated ..."
flood() {
    local source=$1 i
    shift
    rm -f "$DIR"/flood.*
    for ((i = 0; i < 24; i++)); do
        dig @127.0.0.1 -p "$PORT" -b "$source" +time=1 +tries=1 +ignore "$@" >"$DIR/flood.$i" 2>&1 &
        floods[i]=$!
    done
    wait "${floods[@]}"
    answered=$(cat "$DIR"/flood.* | grep -c 'ANSWER: 1,')
    truncated=$(cat "$DIR"/flood.* | grep -c 'flags: qr[a-z ]* tc')
    badcookie=$(cat "$DIR"/flood.* | grep -c 'status: BADCOOKIE')
    silent=$(cat "$DIR"/flood.* | grep -c 'no servers could be reached')
    got="$answered answered, $truncated truncated, $badcookie with BADCOOKIE, $silent not answered"
}

configure "version: none" "rrl: { rate: 2, slip: 2, window: 15s, exempt: [$EXEMPT/32] }"
start_dnsd
flood $NEAR +nocookie mail.example.com AAAA
expect_match "a flood: a second's worth of answers, on a slow machine a few more" "^[2-6]$" "$answered"
expect "of the others every second is truncated ($got)" $(((24 - answered) / 2)) "$truncated"
expect "the rest is dropped ($got)" $((24 - answered - truncated)) "$silent"
expect "a truncated answer leads to TCP, which is not limited" "2001:db8::25" \
    "$(ask -b $NEAR +tcp +nocookie mail.example.com AAAA)"
expect "another name is answered" "192.0.2.80" "$(ask -b $NEAR +nocookie something.dev.example.com A)"
expect "another network is answered" "2001:db8::25" "$(ask -b $FAR +nocookie mail.example.com AAAA)"
flood $NEAR +nobadcookie mail.example.com AAAA
expect "who has half a cookie is told to come back with a whole one ($got)" 12 "$badcookie"
whole=$(dig_full -b $NEAR +tcp mail.example.com AAAA +cookie=$CLIENT | sed -n 's/^; COOKIE: \([0-9a-f]*\).*/\1/p')
flood $NEAR +cookie="$whole" mail.example.com AAAA
expect "with it nobody is limited ($got)" 24 "$answered"
flood $EXEMPT +nocookie mail.example.com AAAA
expect "nor is who is exempt ($got)" 24 "$answered"
flood 127.0.0.1 +nocookie mail.example.com AAAA
expect "nor is loopback ($got)" 24 "$answered"
flood $FAR +nocookie www.example.net A
expect "errors do not slip: they are no longer than what would stand in for them ($got)" "0 0" "$truncated $badcookie"
expect_match "but are limited" "^[2-6]$" "$(cat "$DIR"/flood.* | grep -c 'status: REFUSED')"
stop dnsd
expect "dnsd ends well" 0 "$status"
finish
