#!/usr/bin/env bash
# `make sanity`: all sanity tests of the chosen ansible-core, on every Python found, without ignores.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
SANITY_MIN=20 # kinds of test; each ansible-core has a few more
use_core
use_tools # for shellcheck
export PATH=$PATH:$TOOLS
stage sanity
if grep -vE '^[[:space:]]*(#|$)' "$COL"/tests/sanity/ignore-*.txt 2>/dev/null; then die "sanity ignores are not wanted here"; fi
files=$(cd "$COL" && { "$BIN/python" "$BIN/ansible-test" env --list-files 2>/dev/null </dev/null || true; } | wc -l)
[ "$files" -ge "$(find "$COL/plugins" -name '*.py' | wc -l)" ] || die "ansible-test sees only $files files"
rc=0
ansible_test sanity sanity "$@" || rc=1
ran=$(grep -c '^Running sanity test ' "$WORK/log/sanity.log" || true)
kinds=$(sed -nE 's/^Running sanity test "([^"]+)".*/\1/p' "$WORK/log/sanity.log" | sort -u | wc -l)
failed=$(sed -nE 's/^FATAL: The ([0-9]+) sanity test.*/\1/p; s/^ERROR: The ([0-9]+) sanity test.*/\1/p' "$WORK/log/sanity.log" | tail -n 1)
if [ "$rc" -ne 0 ] && [ -z "$failed" ]; then failed=1; fi
result sanity $((ran > ${failed:-0} ? ran - ${failed:-0} : 0)) "${failed:-0}"
if [ "$#" -eq 0 ] && [ "$kinds" -lt "$SANITY_MIN" ]; then die "sanity: only $kinds kinds of test ran"; fi
exit "$rc"
