#!/usr/bin/env bash
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The door of the Makefile: calls nox, out of an environment in .work that is made once. Needs bash and Python 3.11 or newer.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
nox=$root/.work/venv/nox
if [ ! -e "$nox/.made" ]; then
    for python in "${PYTHON:-python3.13}" python3.12 "$HOME"/.pyenv/versions/3.1[23].*/bin/python python3 python3.14 python3.11 none; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
    done
    if [ "$python" = none ]; then
        echo 'error: needs Python 3.11 or newer with venv (Debian: apt install python3-venv)' >&2
        exit 1
    fi
    rm -rf "$nox"
    "$python" -m venv "$nox"
    "$nox/bin/python" -m pip install -qq --disable-pip-version-check -r "$root/tests/requirements/nox.txt"
    touch "$nox/.made"
fi
cd "$root"
exec "$nox/bin/python" -m nox "$@"
