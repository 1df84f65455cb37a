#!/usr/bin/env bash
# `make test`: every check on one ansible-core. Goes on after a failure; the last line counts
# unit tests, sanity tests and integration targets (a step that failed without counting is one failure).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
passed=0 failed=0 broken=()
for step in lint units sanity integration rotation build; do
    say "$step"
    rm -f "$WORK/results/$step"
    start=$SECONDS rc=0
    bash "$ROOT/hacking/$step.sh" || rc=$?
    read -r p f < <(cat "$WORK/results/$step" 2>/dev/null || echo '0 0')
    if [ "$rc" -ne 0 ]; then
        broken+=("$step")
        if [ "$f" -eq 0 ]; then f=1; fi
    fi
    passed=$((passed + p)) failed=$((failed + f))
    printf -- '--- %s: %s, %d s\n' "$step" "$([ "$rc" -eq 0 ] && echo ok || echo FAILED)" $((SECONDS - start))
done
if [ "${#broken[@]}" -gt 0 ]; then say "FAILED: ${broken[*]}"; else echo; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
