#!/usr/bin/env bash
# `make lint`: everything that can be seen without running the code. Goes on after a finding.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_tools
stage lint
cd "$COL"
export PATH=$TOOLS:$PATH
broken=()
check() { # NAME COMMAND...
    local name=$1 start=$SECONDS rc=0
    shift
    "$@" >"$WORK/log/lint-$name.log" 2>&1 </dev/null || rc=$?
    if [ "$rc" -ne 0 ]; then
        broken+=("$name")
        printf '\n--- %s (rc %d): %s\n' "$name" "$rc" "$*"
        cat "$WORK/log/lint-$name.log"
    else
        printf 'ok  %-12s %d s\n' "$name" $((SECONDS - start))
    fi
}
types() (
    cd "$COLS"
    mypy --config-file "$COL/mypy.ini" --cache-dir "$WORK/mypy" -p "ansible_collections.$COLLECTION.plugins"
)
scripts() { # all shell scripts, by ending or by first line
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        if [[ $file == *.sh ]] || head -c 40 "$file" | head -n 1 | grep -qaE '^#!.*\b(ba)?sh\b'; then
            printf '%s\0' "$file"
        fi
    done | xargs -0 shellcheck -x -P SCRIPTDIR
}
schemas() { # those of the roles' variables: valid themselves, and taking what they should and nothing else
    local bad
    check-jsonschema --check-metaschema schemas/*.json
    check-jsonschema --schemafile schemas/variables.json tests/schemas/good/*.yml
    for bad in tests/schemas/bad/*.yml; do
        if check-jsonschema --schemafile schemas/variables.json "$bad"; then
            printf 'not refused: %s\n' "$bad"
            return 1
        fi
    done
}
check yamllint yamllint -s .
check ruff ruff check --no-cache --output-format concise .
check format ruff format --no-cache --check .
check mypy types
check shellcheck scripts
check schemas schemas
check changelog antsibull-changelog lint
check docs antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .
check ansible-lint ansible-lint --offline --profile production --strict --nocolor
[ "${#broken[@]}" -eq 0 ] || die "lint: ${broken[*]}"
