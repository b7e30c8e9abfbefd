#!/bin/bash
# SPDX-License-Identifier: MIT
# Zone files as operators have them: what is wrong with them is said all at once, what is broken stays as it was, what
# is new is served after a SIGHUP.
. tests/system/lib.sh

# zone FOLDER NAME SERIAL [RECORD...]: a small zone
zone() {
    local file=$DIR/$1/$2.zone
    printf '$TTL 300\n@ SOA ns1 host %s 1h 5m 2w 60\n@ NS ns1\nns1 A 192.0.2.1\nserial TXT "%s"\n' "$3" "$3" \
        >"$file.new"
    shift 3
    [ $# -eq 0 ] || printf '%s\n' "$@" >>"$file.new"
    mv "$file.new" "$file"
}

reload() { # COUNT: of reloads since the start
    kill -HUP "${pids[dnsd]}"
    wait_for_line dnsd "meridian.yaml reloaded" "$1"
}

rcode() { dig_full "$@" | grep -o 'status: [A-Z]*' | cut -d' ' -f2; }
log_of_dnsd() { cat "$DIR/dnsd.log"; }

# --- ten mistakes, ten findings ---------------------------------------------------------------------------

cat >"$DIR/meridian.yaml" <<END
server: { listen: ["127.0.0.1@$PORT"], run_dir: run }
zones:
  bad.example: { file: bad.example.zone }
END
zone . bad.example 1
cat >>"$DIR/bad.example.zone" <<'END'
www    A     300.1.2.3
www    AAA   2001:db8::1
a..b   A     192.0.2.1
t      9z    A 192.0.2.1
c      CH    TXT "chaos"
$INCLUDE missing.inc
text   TXT   "open
mail.example.org. A 192.0.2.1
alias  CNAME www
alias  A     192.0.2.1
moved  DNAME example.net.
x.moved A    192.0.2.1
twice  A     192.0.2.1
twice  A     192.0.2.1
END
output=$("$BUILD/bin/dnsd" -t -c "$DIR/meridian.yaml" 2>&1)
expect "ten mistakes: -t ends with status 1" 1 $?
expect "ten errors" 10 "$(grep -c ': error: ' <<<"$output")"
expect "and a warning" 1 "$(grep -c ': warning: ' <<<"$output")"
while IFS='|' read -r line text; do
    expect_match "line $line is found" "bad.example.zone:$line: (error|warning): .*$text" "$output"
done <<'END'
6|bad A record "300.1.2.3"
7|unknown record type "AAA"; did you mean A
8|"a..b" is no domain name: empty label
9|bad TTL "9z"
10|class CH is not served
11|missing.inc": No such file
12|the quote is not closed
13|"mail.example.org" is not in zone bad.example
14|"alias.bad.example" has a CNAME and other data \(line 15\)
17|"x.moved.bad.example" is below "moved.bad.example", whose DNAME \(line 16\)
19|"twice.bad.example" has this record already, on line 18
END
output=$("$BUILD/bin/meridian" -c "$DIR/meridian.yaml" check 2>&1)
expect "meridian check: status 1" 1 $?
expect "the same ten" 10 "$(grep -c ': error: ' <<<"$output")"

# --- a directory of zones ---------------------------------------------------------------------------------

mkdir "$DIR/zones.d"
cat >"$DIR/meridian.yaml" <<END
server: { listen: ["127.0.0.1@$PORT"], run_dir: run }
sites: { fra: { at: [50, 8] } }
services: { www: { members: { fra: { a: [127.0.77.11] } } } }
zone_directory: zones.d
zones:
  one.example: { file: zones.d/one.example.zone, steer: { www: www } }
END
zone zones.d one.example 1 'www A 192.0.2.2'
zone zones.d two.example 1 '$INCLUDE ../hosts.inc' '$GENERATE 1-3 host-${0,2} A 192.0.2.$'
echo 'inc A 192.0.2.7' >"$DIR/hosts.inc"
echo nonsense >"$DIR/zones.d/README"
start_dnsd
expect_match "both zones are there" "zones: 2," "$(log_of_dnsd)"
expect "a zone of the directory" "192.0.2.7" "$(ask inc.two.example A)"
expect "what it generates" "192.0.2.3" "$(ask host-03.two.example A)"
expect "a zone that is steered under zones" "127.0.77.11" "$(ask www.one.example A)"

zone zones.d three.example 5
zone zones.d two.example 2 '$INCLUDE ../hosts.inc' 'broken A 300.1.2.3' 'alias CNAME x' 'alias A 192.0.2.1'
zone zones.d one.example 2 'www A 192.0.2.2'
reload 1
expect "a new file is a new zone" '"5"' "$(ask serial.three.example TXT)"
expect "a broken zone stays as it was" '"1"' "$(ask serial.two.example TXT)"
expect "with all its names" "192.0.2.7" "$(ask inc.two.example A)"
expect "another that changed is served" '"2"' "$(ask serial.one.example TXT)"
expect_match "the mistakes are in the log" "two.example.zone:7: error: bad A record" "$(log_of_dnsd)"
expect_match "all of them" "two.example.zone:8: error: .*CNAME and other data" "$(log_of_dnsd)"
expect_match "and what they mean" "zone two.example: its previous version, serial 1, stays in service" "$(log_of_dnsd)"

echo 'inc A 192.0.2.8' >"$DIR/hosts.inc"
zone zones.d two.example 3 '$INCLUDE ../hosts.inc'
rm "$DIR/zones.d/three.example.zone"
zone zones.d one.example 3 'www CNAME elsewhere'
reload 2
expect "mended: the new version" '"3"' "$(ask serial.two.example TXT)"
expect "what it includes too" "192.0.2.8" "$(ask inc.two.example A)"
expect "a file that is gone is no zone" REFUSED "$(rcode serial.three.example TXT)"
expect "a steered name cannot become an alias" "127.0.77.11" "$(ask www.one.example A)"
expect_match "which is said" \
    "\"www.one.example\" cannot be steered: it is an alias by its CNAME in .*one.example.zone" "$(log_of_dnsd)"

echo 'inc A 192.0.2.9' >"$DIR/hosts.inc" # nothing else has changed
reload 3
expect "a changed include makes a new version" "192.0.2.9" "$(ask inc.two.example A)"

# A new zone that is broken has no version to stay with: nothing is applied.
zone zones.d four.example 1 'broken A 300.1.2.3'
zone zones.d two.example 4
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd "previous configuration stays in service"
expect "nothing is applied" '"3"' "$(ask serial.two.example TXT)"
stop dnsd
expect "dnsd ends in order" 0 "$status"
"$BUILD/bin/dnsd" -t -c "$DIR/meridian.yaml" >/dev/null 2>&1
expect "-t says so too" 1 $?
finish
