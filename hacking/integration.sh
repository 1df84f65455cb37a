#!/usr/bin/env bash
# `make integration`: the integration targets, against stand-in servers that live as long as this script.
# MODULE_PYTHON=3.9 runs the modules on another Python, LOWEST=1 with the oldest requests; with both, and with
# VAULTOPS_PAM_IN_PROCESS=false, all tasks are shipped as modules. (--venv, as --local fails in a folder with a space in its name.)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
case "$CORE $ROOT" in
    2.1[67]*' '*' '*) die "ansible-core $CORE cannot run modules when the checkout's path holds a space; 2.18 and later can" ;;
esac
stage integration
install_standin "$BIN/python"
start_standin "$BIN/python" pam360_standin --tls
if "$BIN/python" -c 'import pvwa_standin' 2>/dev/null; then start_standin "$BIN/python" pvwa_standin --tls; fi
in_process=${VAULTOPS_PAM_IN_PROCESS:-}
if [ -n "${MODULE_PYTHON:-}${LOWEST:-}" ]; then in_process=false; fi
"$BIN/python" - "$TMPDIR" $$ "$in_process" >"$COL/tests/integration/integration_config.yml" <<'PYTHON'
import json, pathlib, sys

config = {}
for prefix, module in (("pam360", "pam360_standin"), ("cyberark", "pvwa_standin")):
    path = pathlib.Path(sys.argv[1], f"{module}.{sys.argv[2]}.json")
    if path.exists():
        config.update({f"{prefix}_{key}": value for key, value in json.loads(path.read_text(encoding="utf-8")).items()})
if sys.argv[3]:
    config["vaultops_pam_in_process"] = sys.argv[3]
print(json.dumps(config, ensure_ascii=False))
PYTHON
requests=$(cat "$ROOT/meta/ee-requirements.txt")
if [ -n "${LOWEST:-}" ]; then requests=$(lowest_requests); fi
printf '%s\n' "$requests" >"$COL/tests/integration/requirements.txt"
read -ra targets <<<"${TARGETS:-}"
expected=${#targets[@]}
if [ "$expected" -eq 0 ]; then
    for folder in "$COL"/tests/integration/targets/*/; do
        if ! grep -qsxE 'hidden|disabled' "$folder/aliases"; then expected=$((expected + 1)); fi
    done
fi
[ "$expected" -gt 0 ] || die "integration: no targets"
rc=0
ansible_test integration integration --venv --python "${MODULE_PYTHON:-$CONTROLLER}" --continue-on-error "${targets[@]+"${targets[@]}"}" || rc=1
ran=$(grep -cE '^Running .* integration test (role|script)$' "$WORK/log/integration.log" || true)
failed=$(sed -nE 's/^(FATAL|ERROR): The ([0-9]+) integration test.*/\2/p' "$WORK/log/integration.log" | tail -n 1)
if [ "$rc" -ne 0 ] && [ -z "$failed" ]; then failed=1; fi
result integration $((ran > ${failed:-0} ? ran - ${failed:-0} : 0)) "${failed:-0}"
[ "$ran" -eq "$expected" ] || die "integration: $ran targets ran, expected $expected"
exit "$rc"
