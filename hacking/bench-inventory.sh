#!/usr/bin/env bash
# `make bench-inventory`: what ansible-inventory takes for 5,000 resources. BENCH_ARGS: --hosts N, --runs N.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
stage bench-inventory
install_standin "$BIN/python"
export PYTHONPATH=$COLS
read -ra options <<<"${BENCH_ARGS:-}"
"$BIN/python" -m ansible_collections.vaultops.pam.tests.bench.inventory "${options[@]+"${options[@]}"}" 9>&-
