#!/usr/bin/env bash
# `make terminal`: the picture of the README, drawn from a real run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
stage terminal
install_standin "$BIN/python"
"$BIN/python" -m pip install -qq 'rich>=13'
"$BIN/python" "$ROOT/hacking/terminal.py"
