#!/usr/bin/env bash
# `make awx`: the AWX pack, with the parts of AWX that are on a package index: its injection of credentials, ansible-runner,
# ansible-builder, the collection awx.awx.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
AWX_MIN=${AWX_MIN:-60} # fewer tests than this is a failure: something was not collected
use_awx
stage awx
install_standin "$BIN/python" 9>&-

# awx.awx comes with the newest `ansible` that has it.
export AWX_COLLECTIONS=$WORK/awx-collections
(
    lock awx-collections
    if [ ! -d "$AWX_COLLECTIONS/ansible_collections/awx/awx" ]; then
        say "the collection awx.awx"
        rm -rf "$AWX_COLLECTIONS" "$TMPDIR/awx-wheel"
        "$BIN/python" -m pip download -qq --no-deps --dest "$TMPDIR/awx-wheel" 'ansible==13.*'
        "$BIN/python" - "$TMPDIR/awx-wheel" "$AWX_COLLECTIONS" <<'PYTHON'
import pathlib, sys, zipfile

with zipfile.ZipFile(next(pathlib.Path(sys.argv[1]).glob("ansible-*.whl"))) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith("ansible_collections/awx/")])
PYTHON
        rm -rf "$TMPDIR/awx-wheel"
    fi
)

say "types of the lookup package"
export PATH=$BIN:$PATH PYTHONPATH=$COLS
site=$TMPDIR/awx-site.$$
"$BIN/python" -m pip install -qq --no-deps --no-build-isolation --target "$site" "$COL/awx/credential_plugin"
(cd "$site" && PYTHONPATH='' "$BIN/python" -m mypy --config-file "$COL/mypy.ini" --cache-dir "$WORK/mypy-awx" -p vaultops_pam_credentials)
rm -rf "$site"

say "tests"
rc=0
read -ra options <<<"${PYTEST_ARGS:-}"
if [ "${#options[@]}" -gt 0 ]; then AWX_MIN=1; fi
rm -f "$WORK/log/awx.xml"
(cd "$COLS" && "$BIN/python" -m pytest -q -p no:cacheprovider -n "${WORKERS:-auto}" --dist loadfile -o junit_family=xunit2 \
    --junitxml "$WORK/log/awx.xml" "${options[@]+"${options[@]}"}" "$COL/tests/awx" 9>&-) || rc=1
read -r passed failed < <("$BIN/python" "$ROOT/hacking/junit.py" "$WORK/log/awx.xml")
result awx "$passed" "$failed"
[ "$passed" -ge "$AWX_MIN" ] || die "awx: only $passed tests, expected at least $AWX_MIN"
exit "$rc"
