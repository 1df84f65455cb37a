#!/usr/bin/env bash
# `make build`: the Galaxy artifact; only what users need is in it, galaxy-importer takes it, and it works when installed.
# And a wheel of the stand-in servers, which runs from an environment that holds nothing else.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_core
use_tools
stage build
dist=$WORK/dist inst=$TMPDIR/installed
rm -rf "$dist" "$inst"
mkdir -p "$dist" "$inst"
(cd "$COL" && "$BIN/ansible-galaxy" collection build --force --output-path "$dist" >/dev/null)
artifact=$(find "$dist" -name "${COLLECTION/./-}-*.tar.gz")

say "contents"
unwanted=$(tar -tzf "$artifact" | grep -vE '^(MANIFEST\.json|FILES\.json|[A-Z_]+(\.(md|rst))?|requirements\.txt|(awx|docs|extensions|meta|playbooks|plugins|roles|schemas)(/.*)?|changelogs(/changelog\.yaml)?|tests(/config\.yml|/sanity(/.*)?)?)/?$' || true)
[ -z "$unwanted" ] || die "in the artifact, but not for users: $unwanted"
echo "$(basename "$artifact"): $(tar -tzf "$artifact" | grep -vc '/$') files"

say "galaxy-importer"
(cd "$dist" && PATH=$TOOLS:$PATH "$TOOLS/python" -m galaxy_importer.main "$(basename "$artifact")") >"$WORK/log/importer.log" 2>&1 </dev/null ||
    { cat "$WORK/log/importer.log" && die "galaxy-importer"; }
rm -f "$dist/importer_result.json"
grep -E 'WARNING|ERROR' "$WORK/log/importer.log" || true
if grep -qE '^(.* )?ERROR' "$WORK/log/importer.log"; then die "galaxy-importer found errors"; fi

say "install, ansible-doc, a module by its full name"
export ANSIBLE_COLLECTIONS_PATH=$inst
cd "$TMPDIR"
"$BIN/ansible-galaxy" collection install --offline "$artifact" -p "$inst" >/dev/null
for type in module lookup filter vars inventory; do
    folder=$ROOT/plugins/$type
    [ "$type" != module ] || folder=$ROOT/plugins/modules
    for file in "$folder"/*.py; do
        name=$(basename "$file" .py)
        if [ ! -e "$file" ] || [ "$name" = __init__ ]; then continue; fi
        "$BIN/ansible-doc" -t "$type" --json "$COLLECTION.$name" 2>/dev/null | grep -q '"short_description"' || die "ansible-doc does not know $name"
        echo "ansible-doc: $name"
    done
done
install_standin "$BIN/python"
start_standin "$BIN/python" pam360_standin --tls
arguments=$("$BIN/python" -c 'import json, sys
said = json.load(open(sys.argv[1]))
said = {key: said[key] for key in ("url", "token", "ca_path")}
print(json.dumps({**said, "name": "no such host", "state": "absent"}))' "$TMPDIR/pam360_standin.$$.json")
# `python` by PATH: an older Ansible cannot take an interpreter with a space in its path.
PATH=$BIN:$PATH "$BIN/ansible" localhost -i localhost, -c local -e ansible_python_interpreter=python \
    -m "$COLLECTION.pam360_resource" -a "$arguments" >"$WORK/log/call.log" 2>&1 </dev/null ||
    { cat "$WORK/log/call.log" && die "the installed module does not work"; }
grep -q 'SUCCESS' "$WORK/log/call.log" || die "the installed module did not answer"
rm -rf "$inst"
echo "pam360_resource: called"
stop_standins

say "wheel of the stand-in servers"
source=$TMPDIR/wheel empty=$TMPDIR/empty
rm -rf "$source" "$empty"
cp -r "$COL/tests/standin" "$source"
"$BIN/python" -m pip wheel -qq --no-deps --wheel-dir "$dist" "$source"
"$PYTHON" -m venv "$empty"
"$empty/bin/python" -m pip install -qq "$dist"/vault_standins-*.whl
for name in pam360 pvwa; do
    start_standin "$empty/bin/python" "${name}_standin" --tls
    "$empty/bin/$name-standin" --help | grep -q '^profiles:' || die "$name-standin does not run"
    echo "${name}_standin: installed from the wheel, started"
done
rm -rf "$source" "$empty"
