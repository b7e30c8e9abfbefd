#!/bin/bash
# SPDX-License-Identifier: MIT
# server.watch: a zone file or database that changes is loaded once it has come to rest, however it was written.
. tests/system/lib.sh

mkdir "$DIR/geo" "$DIR/zones" "$DIR/zones.d"
cp build/geoip/dbip-country.mmdb "$DIR/geo/a.mmdb"
write_config <<EOF
  linked.test: { file: zones/linked.zone }
zone_directory: zones.d
EOF
sed -i "s/threads: 2/threads: 2, watch: true/; s|databases: .*|databases: [geo] }|" "$DIR/meridian.yaml"
printf '$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n' >"$DIR/zones/first"
sed 's/192.0.2.1/192.0.2.2/' "$DIR/zones/first" >"$DIR/zones/second"
ln -s first "$DIR/zones/linked.zone"
cp "$DIR/zones/first" "$DIR/zones.d/there.test.zone"
sleep 0.1 # older than the load
start_dnsd

# settled (500 ms, once more if a look shows a change), at most one reload a second, and the reload itself
SOON_MS=6000

reloads() { grep -c " reloaded;" "$DIR/dnsd.log"; }
changes() { grep -c "changed: reloading" "$DIR/dnsd.log"; }

sleep 0.8
expect "nothing changed, nothing is loaded" 0 "$(changes)"

echo 'one 60 A 192.0.2.101' >>"$DIR/example.com.zone"
within $SOON_MS "a line appended" "192.0.2.101" ask one.example.com A
expect_match "the log says what changed" "$DIR/example.com.zone changed: reloading" "$(cat "$DIR/dnsd.log")"

sed '$atwo 60 A 192.0.2.102' "$DIR/example.com.zone" >"$DIR/new" && mv "$DIR/new" "$DIR/example.com.zone"
within $SOON_MS "a new file renamed over the old" "192.0.2.102" ask two.example.com A
sed -i '$athree 60 A 192.0.2.103' "$DIR/example.com.zone"
within $SOON_MS "and once more: the watch has followed" "192.0.2.103" ask three.example.com A

# A writer who takes his time: half of the file is never loaded.
before=$(reloads)
for ((i = 0; i < 10; i++)); do
    printf 'slow%d 60 A' "$i" >>"$DIR/example.com.zone"
    sleep 0.25
    printf ' 192.0.2.104\n' >>"$DIR/example.com.zone"
done
expect "while a file is being written it is not loaded" "$before" "$(reloads)"
within $SOON_MS "once it rests it is" "192.0.2.104" ask slow9.example.com A
expect "at once and without a mistake" "$((before + 1))" "$(reloads)"
expect "no broken version was ever seen" 0 "$(grep -c "previous version" "$DIR/dnsd.log")"

printf '$INCLUDE more.inc\n' >>"$DIR/example.com.zone"
echo 'included 60 A 192.0.2.107' >"$DIR/more.inc"
within $SOON_MS "a file that is included" "192.0.2.107" ask included.example.com A
sed -i s/192.0.2.107/192.0.2.108/ "$DIR/more.inc"
within $SOON_MS "changes" "192.0.2.108" ask included.example.com A
sed 's/192.0.2.1$/192.0.2.7/' "$DIR/zones/first" >"$DIR/zones.d/added.test.zone"
within $SOON_MS "a zone is added to the zone directory" "192.0.2.7" ask ns.added.test A

echo 'broken A 300.1.2.3' >>"$DIR/example.com.zone"
wait_for_line dnsd "previous versions stay in service"
expect "a broken file changes nothing" "192.0.2.104" "$(ask slow9.example.com A)"
sed -i '$d' "$DIR/example.com.zone"
echo 'mended 60 A 192.0.2.105' >>"$DIR/example.com.zone"
within $SOON_MS "mended, it is loaded" "192.0.2.105" ask mended.example.com A

expect "a zone file behind a link" "192.0.2.1" "$(ask ns.linked.test A)"
sed -i 's/192.0.2.1/192.0.2.9/' "$DIR/zones/first"
within $SOON_MS "what the link points to changes" "192.0.2.9" ask ns.linked.test A
ln -s second "$DIR/zones/link" && mv -T "$DIR/zones/link" "$DIR/zones/linked.zone"
within $SOON_MS "the link changes" "192.0.2.2" ask ns.linked.test A

mkdir "$DIR/zones.new"
sed 's/192.0.2.2/192.0.2.3/' "$DIR/zones/second" >"$DIR/zones.new/linked.zone"
mv "$DIR/zones" "$DIR/zones.old" && mv "$DIR/zones.new" "$DIR/zones"
within $SOON_MS "another folder takes its place" "192.0.2.3" ask ns.linked.test A
sed -i 's/192.0.2.3/192.0.2.4/' "$DIR/zones/linked.zone"
within $SOON_MS "and is watched" "192.0.2.4" ask ns.linked.test A

cp -r "$DIR/zones" "$DIR/zones.new"
failed_before=$(grep -c "previous versions stay" "$DIR/dnsd.log")
echo 'broken A 300.1.2.3' >>"$DIR/zones.new/linked.zone"
rm -r "$DIR/zones.old"
mv "$DIR/zones" "$DIR/zones.old" && mv "$DIR/zones.new" "$DIR/zones"
wait_for_line dnsd "previous versions stay" $((failed_before + 1))
expect "a folder with a broken zone takes its place: nothing changes" "192.0.2.4" "$(ask ns.linked.test A)"
sed -i '$d; s/192.0.2.4/192.0.2.5/' "$DIR/zones/linked.zone"
within $SOON_MS "and when it is mended there, it is loaded" "192.0.2.5" ask ns.linked.test A

expect "a zone directory, empty at first" "" "$(ask ns.more.test A)"
sed 's/192.0.2.5/192.0.2.6/' "$DIR/zones/linked.zone" >"$DIR/zones.d/more.test.zone"
within $SOON_MS "a file more in the zone directory is a zone more" "192.0.2.6" ask ns.more.test A
printf 'more 60 A 192.0.2.7\n' >"$DIR/included"
echo '$INCLUDE ../included' >>"$DIR/zones.d/more.test.zone"
within $SOON_MS "what a zone includes" "192.0.2.7" ask more.more.test A
printf 'more 60 A 192.0.2.8\n' >"$DIR/included"
within $SOON_MS "is watched as well" "192.0.2.8" ask more.more.test A

sleep 1.5
before=$(changes)
cp "$DIR/geo/a.mmdb" "$DIR/geo/b.mmdb"
within $SOON_MS "a database more" $((before + 1)) changes
sleep 1
before=$(changes)
touch "$DIR/unrelated" "$DIR/example.com.zone.swp" "$DIR/geo/readme"
sleep 1.2
expect "other files do not matter" "$before" "$(changes)"

sed -i 's/watch: true/watch: false/' "$DIR/meridian.yaml"
before=$(reloads)
kill -HUP "${pids[dnsd]}"
wait_for_line dnsd " reloaded;" $((before + 1))
echo 'late 60 A 192.0.2.106' >>"$DIR/example.com.zone"
sleep 1.5
expect "watch: false ends it" "" "$(ask late.example.com A)"
stop dnsd
expect "it ends as it should" 0 "$status"
finish
