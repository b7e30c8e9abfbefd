#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints a zone of RRsets and referrals of sizes around 512, 1232 and 4096 octets, and of more than any UDP answer.
cat <<'ZONE'
$TTL 60
@       SOA   ns hostmaster 1 7200 900 1209600 30
@       NS    ns
ns      A     192.0.2.80
alias   CNAME a1000
alias2  CNAME a75
ZONE
awk 'BEGIN {
    split("26 29 30 31 32 70 74 75 76 120 260 1000", addresses)
    for (i in addresses)
        for (n = 0; n < addresses[i]; n++)
            printf "a%d A 10.%d.%d.%d\n", addresses[i], i, n / 250, n % 250 + 1
    split("3 8 20 200", texts)
    for (i in texts)
        for (n = 0; n < texts[i]; n++)
            printf "t%d TXT \"%0200d\"\n", texts[i], n
    split("4 8 12 20", servers)
    for (i in servers)
        for (n = 1; n <= servers[i]; n++) {
            printf "ns%d NS server-%d.ns%d\n", servers[i], n, servers[i]
            printf "server-%d.ns%d A 192.0.2.%d\n", n, servers[i], n
            printf "server-%d.ns%d AAAA 2001:db8::%d\n", n, servers[i], n
        }
    for (n = 0; n < 60; n++)
        printf "mx MX %d a-rather-long-mail-host-name-%d.other.test.\n", n, n
}'
