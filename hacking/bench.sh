#!/usr/bin/env bash
# `make bench`: what a task costs, beside `uri` tasks and a bare requests.Session; BENCH_ARGS='--quick' for a short look,
# BENCH_ARGS='--help' for all options. DOCS=1 brings the page of the documentation up to date.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
choose
mapfile -t more < <(grep -v '^#' "$ROOT/tests/bench/requirements.txt")
venv "bench-$CORE-$CONTROLLER" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" "${more[@]}"
BIN=$VENV/bin
move_home
stage bench
install_standin "$BIN/python" 9>&-
read -ra options <<<"${BENCH_ARGS:-}"
if [ -n "${DOCS:-}" ]; then options+=(--docs "$ROOT/docs/docsite/rst"); fi
unset PYTHONDONTWRITEBYTECODE # an installed collection is compiled once, and not for each run
export PATH=$BIN:$PATH PYTHONPATH=$COLS
"$BIN/python" -m ansible_collections.vaultops.pam.tests.bench.run --output "$WORK/bench/results.json" "${options[@]+"${options[@]}"}" 9>&-
