#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the system tests one after the other and counts them. run.sh [TEST...]
set -u
cd "$(dirname "$0")/../.." || exit 1

tests=("$@")
[ $# -gt 0 ] || tests=(tests/system/*.sh)
passed=0 failed=0
for test in "${tests[@]}"; do
    case $test in */run.sh | */lib.sh) continue ;; esac
    echo "$test"
    if bash "$test"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$test FAILED; its logs are in ${MERIDIAN_BUILD:-build}/test/system/$(basename "$test" .sh)"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
