#!/usr/bin/env bash
# `make bench`: runs tests/bench/run.py in the environment of the tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
stage bench
install_standin "$BIN/python"
[ -e "$COL/tests/bench/run.py" ] || die "tests/bench/run.py is missing"
export PATH=$BIN:$PATH PYTHONPATH=$COLS
"$BIN/python" "$COL/tests/bench/run.py" "$@"
