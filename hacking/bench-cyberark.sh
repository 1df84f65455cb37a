#!/usr/bin/env bash
# `make bench-cyberark`: this collection and cyberark.pas side by side. cyberark.pas comes with the newest `ansible` that has
# it, into .work. BENCH_ARGS and DOCS as for `make bench`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
choose
mapfile -t more < <(grep -v '^#' "$ROOT/tests/bench/requirements.txt")
venv "bench-$CORE-$CONTROLLER" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" "${more[@]}"
BIN=$VENV/bin
move_home
stage bench
install_standin "$BIN/python" 9>&-
peer=$WORK/peer-collections
(
    lock peer-collections
    if [ ! -d "$peer/ansible_collections/cyberark/pas" ]; then
        say "the collection cyberark.pas"
        rm -rf "$peer" "$TMPDIR/peer-wheel"
        "$BIN/python" -m pip download -qq --no-deps --dest "$TMPDIR/peer-wheel" 'ansible<15'
        "$BIN/python" - "$TMPDIR/peer-wheel" "$peer" <<'PYTHON'
import pathlib, sys, zipfile

with zipfile.ZipFile(next(pathlib.Path(sys.argv[1]).glob("ansible-*.whl"))) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith("ansible_collections/cyberark/pas/")])
PYTHON
        rm -rf "$TMPDIR/peer-wheel"
    fi
)
read -ra options <<<"${BENCH_ARGS:-}"
if [ -n "${DOCS:-}" ]; then options+=(--docs "$ROOT/docs/docsite/rst"); fi
unset PYTHONDONTWRITEBYTECODE # an installed collection is compiled once, and not for each run
export PATH=$BIN:$PATH PYTHONPATH=$COLS ANSIBLE_COLLECTIONS_PATH=$COLS:$peer
"$BIN/python" -m ansible_collections.vaultops.pam.tests.bench.cyberark.run --peer "$peer/ansible_collections/cyberark/pas" \
    --output "$WORK/bench/cyberark.json" "${options[@]+"${options[@]}"}" 9>&-
