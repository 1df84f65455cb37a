#!/usr/bin/env bash
# `make format`: let ruff fix what it can, in place.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_tools
cd "$ROOT"
"$TOOLS/ruff" format --no-cache .
"$TOOLS/ruff" check --no-cache --fix --output-format concise .
