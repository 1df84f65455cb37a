#!/usr/bin/env bash
# `make hosts`: hosts that log in with their own passwords from the vault, by the vars plugin pam360_host: real users, a real
# OpenSSH server on loopback, by ansible-playbook and as a job of ansible-runner. All of it happens in a namespace of its own.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

. "$(dirname "${BASH_SOURCE[0]}")/own_machine.sh"

use_awx
stage hosts
install_standin "$BIN/python"
export PYTHONPATH=$COLS
own_machine
log=$WORK/log/hosts.log rc=0
on_own_machine "$BIN/python" -m ansible_collections.vaultops.pam.tests.hosts 2>&1 9>&- </dev/null | tee "$log" || rc=$?
read -r passed failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" | tail -n 1) || { passed=0 failed=1; }
result hosts "$passed" "$failed"
exit "$rc"
