#!/usr/bin/env bash
# `make rulebook`: the sample rulebooks and the event source pam360_audit in the real ansible-rulebook, which needs Java (from the
# machine, or Debian's). A rotation is a real one, so all of it happens in a namespace of its own.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

. "$(dirname "${BASH_SOURCE[0]}")/own_machine.sh"

debian_program java openjdk-17-jre-headless
java=$(realpath "$PROGRAM_PATH")
export JAVA_HOME=${java%/bin/java}
choose
mapfile -t more < <(grep -v '^#' "$ROOT/tests/rulebook/requirements.txt")
venv "rulebook-$CORE-$CONTROLLER" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" "${more[@]}"
BIN=$VENV/bin
move_home
stage rulebook
install_standin "$BIN/python"
export PYTHONPATH=$COLS
own_machine
log=$WORK/log/rulebook.log rc=0
on_own_machine "$BIN/python" -m ansible_collections.vaultops.pam.tests.rulebook 2>&1 9>&- </dev/null | tee "$log" || rc=$?
read -r passed failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" | tail -n 1) || { passed=0 failed=1; }
result rulebook "$passed" "$failed"
exit "$rc"
