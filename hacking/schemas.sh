#!/usr/bin/env bash
# `make schemas`: the JSON Schemas of the roles' variables, from the argument specs.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_tools
"$TOOLS/python" "$ROOT/hacking/schemas.py"
