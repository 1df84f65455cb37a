#!/usr/bin/env bash
# `make units`: unit tests and leak proofs with coverage, and the stand-ins' own tests, by plain pytest on the chosen
# ansible-core. LOWEST=1: with the oldest requests we support, without the stand-ins' tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
UNITS_MIN=${UNITS_MIN:-1000}     # fewer tests than this is a failure: something was not collected
COVERAGE_MIN=${COVERAGE_MIN:-90} # per cent of the lines of plugins/
use_core
stage units
install_standin "$BIN/python"
export PYTHONPATH=$COLS
export COVERAGE_CORE=sysmon # no slower than without; from Python 3.12 on, for lines and not for branches
coverage=(--cov="$COL/plugins" --cov-report=)
read -ra options <<<"${PYTEST_ARGS:-}"
rc=0
rm -f "$WORK/log/units.xml" "$WORK/log/canary.xml" "$WORK/log/standin.xml" "$WORK"/tmp/coverage*
if [ "${#options[@]}" -gt 0 ]; then UNITS_MIN=1; fi
run() { # NAME ARGUMENTS
    local name=$1
    shift
    (cd "$COLS" && COVERAGE_FILE=$WORK/tmp/coverage.$name "$BIN/python" -m pytest -q --import-mode importlib -p no:cacheprovider -o junit_family=xunit2 \
        --junitxml "$WORK/log/$name.xml" "$@" "${options[@]+"${options[@]}"}" 9>&-)
}
if [ "${#options[@]}" -gt 0 ]; then
    run units "$COL/tests/unit" || rc=1
else
    # The leak proofs count what they searched in one process, so they run without xdist, beside the others.
    run canary "${coverage[@]}" "$COL/tests/canary" >"$WORK/log/canary.log" 2>&1 &
    canary=$!
    run units -n "${WORKERS:-auto}" "${coverage[@]}" "$COL/tests/unit" || rc=1
    if [ -z "${LOWEST:-}" ]; then run standin -n "${WORKERS:-auto}" "$COL/tests/standin/tests" || rc=1; fi
    wait "$canary" || rc=1
    cat "$WORK/log/canary.log"
    export COVERAGE_FILE=$WORK/tmp/coverage
    (cd "$COLS" && "$BIN/python" -m coverage combine -q "$COVERAGE_FILE.canary" "$COVERAGE_FILE.units" &&
        "$BIN/python" -m coverage report --skip-covered --fail-under="$COVERAGE_MIN") || rc=1
fi
read -r passed failed < <("$BIN/python" "$ROOT/hacking/junit.py" "$WORK/log/units.xml" "$WORK/log/canary.xml" "$WORK/log/standin.xml")
result units "$passed" "$failed"
[ "$passed" -ge "$UNITS_MIN" ] || die "units: only $passed tests, expected at least $UNITS_MIN"
exit "$rc"
