#!/usr/bin/env bash
# `make docs`: the documentation site with warnings as errors; needs no network once the tools are there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
use_tools
stage docs
export PATH=$TOOLS:$PATH
out=$WORK/docs
rm -rf "$out"
mkdir -m 755 "$out"
antsibull-docs sphinx-init --use-current --squash-hierarchy --fail-on-error --lenient --dest-dir "$out" "$COLLECTION" >"$WORK/log/docs.log" 2>&1 ||
    { cat "$WORK/log/docs.log" && exit 1; }
# Labels of Ansible's own manual are resolved by intersphinx, which loads inventories from the web: without it, unknown
# labels are let pass here, and `make lint` (antsibull-docs) checks references to our own plugins.
"$TOOLS/python" - "$out/conf.py" <<'PYTHON'
import pathlib, re, sys

path = pathlib.Path(sys.argv[1])
text = path.read_text(encoding="utf-8")
text = re.sub(r"""['"]sphinx\.ext\.intersphinx['"],?\s*""", "", text)
text = re.sub(r"^intersphinx_mapping = \{.*?^\}\n", "", text, flags=re.M | re.S)
path.write_text(text + "\nsuppress_warnings = ['ref.ref']\n", encoding="utf-8")
PYTHON
mkdir -p "$out/rst"
chmod og-w "$out/rst"
antsibull-docs --config-file "$out/antsibull-docs.cfg" collection --cleanup everything --fail-on-error --use-current \
    --squash-hierarchy --dest-dir "$out/rst" "$COLLECTION"
cp -R "$COL/docs/docsite/rst/images" "$out/rst/docsite/" # antsibull-docs takes the texts alone
sphinx-build -M html "$out/rst" "$out/build" -c "$out" -W --keep-going -q
[ -s "$out/build/html/index.html" ] || die "docs: no index.html"
echo "docs: $(find "$out/build/html" -name '*.html' | wc -l) pages in .work/docs/build/html"
