#!/bin/bash
# SPDX-License-Identifier: MIT
# What dig sees of the sample zone: every kind of answer, header, EDNS and ECS. Without healthd: nothing known
# counts as up.
. tests/system/lib.sh

write_config </dev/null
start_dnsd

# header QUESTION...: "RCODE flags; counts"
header() {
    dig_full "$@" | sed -n 's/.*status: \([A-Z]*\),.*/\1/p; s/^;; flags: \(.*\); QUERY: 1, ANSWER: \(.*\), AUTHORITY: \(.*\), ADDITIONAL: \(.*\)$/\1 \2 \3 \4/p' | tr '\n' ' ' | sed 's/ $//'
}

expect "static MX" "10 mail.example.com." "$(ask example.com MX)"
expect "static TXT" '"v=spf1 mx -all"' "$(ask example.com TXT)"
expect "static AAAA" "2001:db8::25" "$(ask mail.example.com AAAA)"
expect "SRV" "10 5 5060 sip.example.com." "$(ask _sip._tcp.example.com SRV)"
expect "NS, both" "ns1.example.com. ns2.example.com." "$(ask example.com NS)"
expect "SOA" "ns1.example.com. hostmaster.example.com. 2026112101 7200 1800 1209600 300" \
    "$(ask example.com SOA)"
expect "a wildcard" "192.0.2.80" "$(ask anything.dev.example.com A)"
expect "the case asked for comes back" "MaIl.ExAmPlE.CoM." \
    "$(dig_full MaIl.ExAmPlE.CoM A | awk '$4 == "A" {print $1}')"

#        question                            rcode flags an ns ar (ar counts the OPT record)
expect "positive: AA, one answer"            "NOERROR qr aa rd 1 0 1" "$(header mail.example.com A)"
expect "NODATA: AA, SOA"                     "NOERROR qr aa rd 0 1 1" "$(header mail.example.com TXT)"
expect "steered name, type it lacks: NODATA" "NOERROR qr aa rd 0 1 1" "$(header www.example.com AAAA)"
expect "empty non-terminal: NODATA"          "NOERROR qr aa rd 0 1 1" "$(header _tcp.example.com A)"
expect "NXDOMAIN: AA, SOA"                   "NXDOMAIN qr aa rd 0 1 1" "$(header nosuch.example.com A)"
expect "delegation: no AA, NS, glue"         "NOERROR qr rd 0 2 3" "$(header www.branch.example.com A)"
expect "outside every zone: REFUSED"         "REFUSED qr rd 0 0 1" "$(header www.example.net A)"
expect "without EDNS, no OPT comes back"     "NOERROR qr aa rd 1 0 0" "$(header mail.example.com A +noedns)"
expect "without RD, no RD comes back"        "NOERROR qr aa 1 0 1" "$(header mail.example.com A +norecurse)"
expect_match "zone transfer: refused"        "Transfer failed" "$(dig_full example.com AXFR)"
expect "EDNS version 1: BADVERS"             "BADVERS qr rd 0 0 1" "$(header mail.example.com A +edns=1 +noednsneg)"
expect "opcode NOTIFY: NOTIMP"               "NOTIMP" "$(header +opcode=notify example.com SOA | cut -d' ' -f1)"
expect "class CH: REFUSED"                   "REFUSED qr rd 0 0 1" "$(header mail.example.com CH A)"

expect_match "negative TTL is the SOA's minimum" "^example.com.	*300	IN	SOA" "$(dig_full nosuch.example.com)"
expect_match "glue of a delegation" "ns1.branch.example.com.	3600	IN	A	192.0.2.53" \
    "$(dig_full x.branch.example.com)"
expect_match "NSID" "NSID: 6e 73 31 2e 74 65 73 74" "$(dig_full +nsid mail.example.com)"
expect_match "EDNS buffer 1232" "udp: 1232" "$(dig_full mail.example.com)"

ecs() { dig_full "$@" | sed -n 's/^; CLIENT-SUBNET: //p'; }
expect "static answer: scope 0" "91.0.0.0/24/0" "$(ecs mail.example.com A +subnet=$GERMANY)"
expect "negative answer: scope 0" "91.0.0.0/24/0" "$(ecs nosuch.example.com A +subnet=$GERMANY)"
expect "source 0: scope 0" "0.0.0.0/0/0" "$(ecs www.example.com A +subnet=0.0.0.0/0)"
expect "no ECS unless it was sent" "" "$(ecs www.example.com A)"
expect_match "IPv6 client: a scope of its own" "^2003::/32/[1-9][0-9]*$" "$(ecs www.example.com A +subnet=2003::/32)"
expect "IPv6 client in Germany gets Frankfurt" "$FRA" "$(ask www.example.com A +subnet=2003::/32)"
expect "an IPv4 client dressed as IPv6 counts as IPv4" "$SIN" \
    "$(ask www.example.com A +subnet=::ffff:165.21.0.0/120)"
expect "the same site from the whole of a returned scope" "$SIN" "$(ask www.example.com A +subnet=165.21.0.255/32)"
# option 8: family 1, source 24, scope 5 (must be 0 in a query)
expect "malformed ECS: FORMERR" "FORMERR" "$(header www.example.com A +ednsopt=8:000118055b0000 | cut -d' ' -f1)"

# Octets that are no query: silence, and the next question is answered.
printf 'x' >/dev/udp/127.0.0.1/$PORT
printf '\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00' >/dev/udp/127.0.0.1/$PORT
for _ in 1 2 3 4 5 6 7 8 9 10; do head -c $((RANDOM % 1400)) /dev/urandom >/dev/udp/127.0.0.1/$PORT; done
printf '\x00\x05hello\xff\xff' | timeout 1 cat >/dev/tcp/127.0.0.1/$PORT
expect "after garbage it still answers" "2001:db8::25" "$(ask mail.example.com AAAA)"
stop dnsd
expect "and was never killed by it" 0 "$status"
finish
