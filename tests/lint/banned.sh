#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls that have a better replacement here, and habits that a reviewer would turn down.
set -eu

sources=$(find core geo zones dnsd healthd ctl tests -name '*.[ch]')
bad=0

ban() { # PATTERN WHY FILES
    pattern=$1 why=$2
    shift 2
    if grep -nE "$pattern" "$@" /dev/null; then
        echo "  ^ $why"
        bad=1
    fi
}

ban '\<(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|alloca)\(' \
    'unbounded or without error: use snprintf, memcpy with a size, a parser that says no' $sources
ban '\<(system|popen)\(' 'a shell is no interface' $sources
ban '\<(rand|random|srand)\(' 'not random: getrandom(2); seeded in tests is fine' \
    $(echo "$sources" | grep -v '^tests/')
ban '\<(gmtime|localtime|strerror_l|inet_addr|inet_ntoa)\(' 'static buffers are no friends of threads' $sources
ban '\<(clock_gettime|gettimeofday|time)\(' 'only core/base/clock.c reads a clock' \
    $(echo "$sources" | grep -v -e '^core/base/clock.c$' -e '^tests/')
ban '\<(exit|_exit|abort)\(' 'only main.c decides that the process ends' \
    $(echo "$sources" | grep -v -e '/main\.c$' -e '^core/base/mem\.c$' -e '^core/base/arena\.c$' -e '^tests/')
ban '\<(TODO|FIXME|XXX|HACK)\>' 'finish it, or write an issue' $sources

for file in $sources; do
    [ "$(head -n 1 "$file")" = "// SPDX-License-Identifier: MIT" ] || { echo "$file: first line is not the SPDX line"; bad=1; }
done
for file in $(echo "$sources" | grep '\.h$'); do
    grep -q '^#pragma once$' "$file" || { echo "$file: no #pragma once"; bad=1; }
done
exit $bad
