#!/usr/bin/env bash
# `make fuzz`: tasks in the controller's process against stand-ins whose answers are mutated: 100,000 answers of PAM360 and 20,000
# of CyberArk, and no wait, no unexpected exception, no doubled write, no wrong `changed`, no secret in a result. The seed is
# printed and repeats a run. FUZZ_ARGS="--seed 7 --pam360 1000 --cyberark 0": other numbers; --case pam360 12: one task alone.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
stage fuzz
install_standin "$BIN/python"
export PYTHONPATH=$COLS
read -ra options <<<"${FUZZ_ARGS:-}"
cd "$COLS"
"$BIN/python" -m ansible_collections.vaultops.pam.tests.fuzz "${options[@]+"${options[@]}"}" 9>&-
