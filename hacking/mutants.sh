#!/usr/bin/env bash
# `make mutants`: small faults are planted into the wings that decide (_common, _engine, _http, the pure part of _pam360), one
# at a time, and the unit tests have to notice. Which faults: MUTANTS, a pattern for mutmut's names; default: those whose number
# ends in the last digit of the day, so that ten nights see all; '*' for all at once (some hours). Survivors are listed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
MUTANTS_MIN=${MUTANTS_MIN:-85} # per cent that have to be noticed; some faults change nothing that matters
pattern=${MUTANTS:-*__mutmut_*$(date +%d | tail -c 2)}
choose
venv "mutants-$CORE-$CONTROLLER" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" 'mutmut>=3.8'
BIN=$VENV/bin
move_home
stage mutants
install_standin "$BIN/python"
plugins=${COL#"$COLS/"}/plugins/module_utils tests=${COL#"$COLS/"}/tests/unit
# test_search: mutmut collects twice in one process, which its ids with an umlaut do not outlive. all_writes: it counts methods.
cat >"$COLS/setup.cfg" <<CONFIG
[mutmut]
source_paths=$plugins
only_mutate=
    */_common/*.py
    */_engine/*.py
    */_http/*.py
$(printf '    */_pam360/%s.py\n' custom_fields envelope fields fingerprints grants)
also_copy=ansible_collections
pytest_add_cli_args=
    --import-mode=importlib
    -pno:cacheprovider
    --ignore-glob=*/test_search.py
    -knot all_writes
pytest_add_cli_args_test_selection=
$(printf "    $tests/plugins/module_utils/%s\n" _ansible _common _engine _http _pam360)
    $tests/test_faults_matrix.py
timeout_multiplier=2
timeout_constant=10
use_git_change_detection=false
CONFIG
export ANSIBLE_COLLECTIONS_PATH=$COLS/mutants PYTHONPATH=$COLS/mutants
cd "$COLS"
nice "$BIN/mutmut" run --max-children "${WORKERS:-2}" "$pattern" >"$WORK/log/mutants.log" 2>&1 9>&- ||
    { tail -n 40 "$WORK/log/mutants.log" && die "mutmut"; }
"$BIN/mutmut" results | grep -v 'not checked' || true
"$BIN/mutmut" export-cicd-stats >/dev/null
read -r noticed survived < <("$BIN/python" -c 'import json
found = json.load(open("mutants/mutmut-cicd-stats.json"))
noticed = found["killed"] + found["timeout"] + found["segfault"] + found["suspicious"]
print(noticed, found["survived"] + found["no_tests"])')
result mutants "$noticed" "$survived"
[ $((noticed * 100)) -ge $(((noticed + survived) * MUTANTS_MIN)) ] || die "mutants: fewer than $MUTANTS_MIN % were noticed"
