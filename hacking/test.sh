#!/usr/bin/env bash
# `make test`: every check on one ansible-core, in two lanes at once, as the integration targets keep one core busy.
# Goes on after a failure; the last line counts unit tests, sanity tests and integration targets (a step that failed
# without counting is one failure).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core # made once, before both lanes want it
steps=(lint units sanity rotation build integration)
rm -rf "$WORK/results"
mkdir -p "$WORK/results"

run_step() { # STEP
    local start=$SECONDS rc=0
    say "$1"
    bash "$ROOT/hacking/$1.sh" || rc=$?
    printf '%s\n' "$rc" >"$WORK/results/$1.rc"
    printf -- '--- %s: %s, %d s\n' "$1" "$([ "$rc" -eq 0 ] && echo ok || echo FAILED)" $((SECONDS - start))
}

run_step integration >"$WORK/log/lane.log" 2>&1 &
lane=$!
trap 'kill "$lane" 2>/dev/null || true' EXIT
for step in "${steps[@]}"; do
    if [ "$step" != integration ]; then run_step "$step"; fi
done
wait "$lane" || true
trap - EXIT
cat "$WORK/log/lane.log"

passed=0 failed=0 broken=()
for step in "${steps[@]}"; do
    read -r p f < <(cat "$WORK/results/$step" 2>/dev/null || echo '0 0')
    if [ "$(cat "$WORK/results/$step.rc" 2>/dev/null || echo 1)" -ne 0 ]; then
        broken+=("$step")
        if [ "$f" -eq 0 ]; then f=1; fi
    fi
    passed=$((passed + p)) failed=$((failed + f))
done
if [ "${#broken[@]}" -gt 0 ]; then say "FAILED: ${broken[*]}"; else echo; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
