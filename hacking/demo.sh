#!/usr/bin/env bash
# `make demo`: prepares an environment (ansible-core, requests, the stand-in) and calls demo/run (or run.sh, run.py) with
# its programs in front of PATH and the collection of this checkout on ANSIBLE_COLLECTIONS_PATH. Plays on localhost
# set `ansible_python_interpreter: python`: the one in PATH has requests (a full path may hold a space, which an older
# Ansible cannot take).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
install_standin "$BIN/python" 9>&-
stage demo
export PATH=$BIN:$PATH
for program in "$COL/demo/run" "$COL/demo/run.sh" "$COL/demo/run.py"; do
    [ -e "$program" ] || continue
    cd "$COL/demo"
    case $program in
        *.py) exec "$BIN/python" "$program" --reports "$WORK/demo/report" "$@" ;;
        *) exec bash "$program" "$@" ;;
    esac
done
die "demo/run is missing"
