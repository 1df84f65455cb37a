#!/usr/bin/env bash
# `make demo`: prepares an environment (ansible-core, requests, the stand-ins) and calls demo/run.py with its programs in
# front of PATH and the collection of this checkout on ANSIBLE_COLLECTIONS_PATH. VERBOSE=1 shows all that Ansible says.
# Plays on localhost set `ansible_python_interpreter: python`: the one in PATH has requests (a full path may hold a space,
# which an older Ansible cannot take).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
install_standin "$BIN/python" 9>&-
stage demo
export PATH=$BIN:$PATH
cd "$COL/demo"
exec "$BIN/python" run.py --reports "$WORK/demo/report" "$@"
