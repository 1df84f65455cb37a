#!/usr/bin/env bash
# `make doctor`: the round trip of pam360_doctor, whole: each value of each profile of the stand-in alone, and ROUNDS (100)
# random combinations, whose numbers are their seeds. For each: the doctor finds exactly that profile, a stand-in with the file
# behaves like it, and the beats of the modules that follow the file hold. Then a fault at each request of the doctor.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
stage doctor
install_standin "$BIN/python"
export PYTHONPATH=$COLS DOCTOR_ROUNDS=${ROUNDS:-100}
read -ra options <<<"${PYTEST_ARGS:-}"
rc=0
rm -f "$WORK/log/doctor.xml"
(cd "$COLS" && "$BIN/python" -m pytest -q --import-mode importlib -p no:cacheprovider -n "${WORKERS:-auto}" -o junit_family=xunit2 \
    --junitxml "$WORK/log/doctor.xml" "$COL/tests/unit/plugins/module_utils/_pam360_doctor" "${options[@]+"${options[@]}"}" 9>&-) || rc=1
read -r passed failed < <("$BIN/python" "$ROOT/hacking/junit.py" "$WORK/log/doctor.xml")
result doctor "$passed" "$failed"
exit "$rc"
