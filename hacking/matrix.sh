#!/usr/bin/env bash
# `make matrix`: sanity, units and integration on every ansible-core that a Python found here can run; all integration
# targets on the oldest and the newest, SMOKE on the others; all cells of the fault tests on the newest; then modules on the
# oldest Python, with the lowest requests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
SMOKE=${SMOKE:-pam360_resource pam360_account}
find_pythons
cores=() broken=() rows=()
for core in $SUPPORTED_CORES; do
    if python_for_core "$core" >/dev/null; then cores+=("$core"); else warn "no Python here for ansible-core $core"; fi
done
[ "${#cores[@]}" -gt 0 ] || die "no Python for any supported ansible-core"
newest=${cores[${#cores[@]} - 1]}
unset PYTHON
step() { # CORE NAME COMMAND...
    local core=$1 name=$2 start=$SECONDS rc=0
    shift 2
    say "ansible-core $core: $name"
    ANSIBLE_CORE=$core "$@" || rc=$?
    if [ "$rc" -ne 0 ]; then broken+=("$core/$name"); fi
    rows+=("$(printf '%-6s %-50s %-6s %4d s' "$core" "$name" "$([ "$rc" -eq 0 ] && echo ok || echo FAILED)" $((SECONDS - start)))")
}
for core in "${cores[@]}"; do
    step "$core" sanity bash "$ROOT/hacking/sanity.sh"
    cells=some
    if [ "$core" = "$newest" ]; then cells=all; fi
    step "$core" "units ($cells cells)" env MATRIX="$cells" bash "$ROOT/hacking/units.sh"
    targets=$SMOKE
    if [ "$core" = "${cores[0]}" ] || [ "$core" = "$newest" ]; then targets=''; fi
    step "$core" "integration (${targets:-all})" env TARGETS="$targets" bash "$ROOT/hacking/integration.sh"
done
step "${cores[0]}" "units, lowest requests" env LOWEST=1 bash "$ROOT/hacking/units.sh"
for python in $MODULE_PYTHONS; do
    if has_python "$python"; then break; fi
done
step "$newest" "integration, modules on $python, lowest requests" \
    env LOWEST=1 MODULE_PYTHON="$python" bash "$ROOT/hacking/integration.sh"
say "matrix"
printf '%s\n' "${rows[@]}"
[ "${#broken[@]}" -eq 0 ] || die "matrix: ${broken[*]}"
