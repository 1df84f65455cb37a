#!/usr/bin/env bash
# `make units`: unit tests and leak proofs with coverage, and the stand-ins' own tests, by plain pytest on the chosen
# ansible-core. LOWEST=1: with the oldest requests we support, without the stand-ins' tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
UNITS_MIN=${UNITS_MIN:-1000}     # fewer tests than this is a failure: something was not collected
COVERAGE_MIN=${COVERAGE_MIN:-85} # per cent of plugins/, branches included
use_core
stage units
install_standin "$BIN/python"
export PYTHONPATH=$COLS COVERAGE_FILE=$WORK/tmp/coverage
coverage=(--cov="$COL/plugins" --cov-branch)
read -ra options <<<"${PYTEST_ARGS:-}"
rc=0
rm -f "$WORK/log/units.xml" "$WORK/log/canary.xml" "$WORK/log/standin.xml"
if [ "${#options[@]}" -gt 0 ]; then UNITS_MIN=1; fi
run() { # NAME ARGUMENTS
    local name=$1
    shift
    (cd "$COLS" && "$BIN/python" -m pytest -q -p no:cacheprovider -o junit_family=xunit2 --junitxml "$WORK/log/$name.xml" \
        "$@" "${options[@]+"${options[@]}"}" 9>&-) || rc=1
}
if [ "${#options[@]}" -gt 0 ]; then
    run units "$COL/tests/unit"
else
    # The leak proofs count what they searched in one process, so they run without xdist.
    rm -f "$COVERAGE_FILE"
    if [ -d "$COL/tests/canary" ]; then run canary "${coverage[@]}" --cov-report= "$COL/tests/canary"; fi
    run units -n "${WORKERS:-auto}" "${coverage[@]}" --cov-append --cov-report=term:skip-covered \
        --cov-fail-under="$COVERAGE_MIN" "$COL/tests/unit"
    if [ -z "${LOWEST:-}" ]; then run standin -n "${WORKERS:-auto}" "$COL/tests/standin/tests"; fi
fi
read -r passed failed < <("$BIN/python" "$ROOT/hacking/junit.py" "$WORK/log/units.xml" "$WORK/log/canary.xml" "$WORK/log/standin.xml")
result units "$passed" "$failed"
[ "$passed" -ge "$UNITS_MIN" ] || die "units: only $passed tests, expected at least $UNITS_MIN"
exit "$rc"
