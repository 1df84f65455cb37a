#!/usr/bin/env bash
# `make rotation`: proves that the roles rotate_password and onboard_host lose no password: real users, a real OpenSSH server
# on loopback, SIGKILL at every step, and SIGSTOP at every step while other runs pass. All of it happens in a mount namespace with
# a copy of /etc, so that the machine's own users are never touched and nothing is left, whatever happens. Without an argument
# the short form of `make test`: the scenes, and the kills and stops that matter most. ROUNDS=n: n rounds at all steps.
# COST=n: what a rotation costs, as medians of n runs, and nothing else.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

. "$(dirname "${BASH_SOURCE[0]}")/own_machine.sh"

use_core
stage rotation
install_standin "$BIN/python"
case $CORE in # their filter password_hash needs it
    2.17 | 2.18 | 2.19 | 2.20) HOME=$WORK/home "$BIN/python" -m pip install -qq passlib ;;
esac
export PYTHONPATH=$COLS
own_machine
if [ -n "${COST:-}" ]; then
    on_own_machine "$BIN/python" -m ansible_collections.vaultops.pam.tests.roles.rotate_password --cost "$COST" 9>&- </dev/null
    exit
fi
log=$WORK/log/rotation.log rc=0
: >"$log"
for role in rotate_password onboard_host; do
    on_own_machine "$BIN/python" -m "ansible_collections.vaultops.pam.tests.roles.$role" --rounds "${ROUNDS:-0}" 2>&1 9>&- </dev/null |
        tee -a "$log" || rc=$?
done
read -r passed failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" |
    awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 2 - NR }') # one more for a role that did not end
result rotation "$passed" "$failed"
exit "$rc"
