#!/usr/bin/env bash
# `make picture`: plays the drift report against a stand-in, opens its page in a real Chromium, checks what that shows, and
# takes the picture in the documentation. Where the machine has no Chromium, Debian's is unpacked into .work with the
# libraries that are missing; nothing is installed. CHROMIUM=path: another one. KEEP=folder: keeps what was made.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

FOLDER=$WORK/debian/chromium
PICTURE=$ROOT/docs/docsite/rst/images/drift_report.png

missing_packages() { # prints what an installation would bring; Roboto is the font of the picture
    apt-get --simulate install --no-install-recommends chromium fonts-roboto-unhinted 2>/dev/null | awk '/^Inst/ {print $2}'
}

from_debian() { # unpacks Chromium into .work, once
    local packages deb
    if [ -e "$FOLDER/done" ]; then return; fi
    type -P apt-get dpkg-deb >/dev/null || die "picture needs Chromium: install it, or name it in CHROMIUM"
    say "Chromium and its libraries, from Debian's packages"
    rm -rf "$FOLDER"
    mkdir -p "$FOLDER"
    (
        cd "$FOLDER"
        packages=$(missing_packages)
        [ -n "$packages" ] || { apt-get -qq update && packages=$(missing_packages); }
        xargs apt-get -qq download <<<"$packages" 2>/dev/null || { apt-get -qq update && xargs apt-get -qq download <<<"$packages"; }
        for deb in *.deb; do dpkg-deb -x "$deb" .; done
        rm -f ./*.deb
        touch "$FOLDER/done"
    ) || die "picture needs Chromium: install it, or name it in CHROMIUM"
}

chromium=${CHROMIUM:-$(type -P chromium || true)}
libraries=''
if [ -z "$chromium" ]; then
    from_debian
    chromium=$FOLDER/usr/lib/chromium/chromium
    libraries=$(find "$FOLDER/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
fi
use_core
stage picture
install_standin "$BIN/python"
mkdir -p "$HOME/.local/share"
ln -sfn "$FOLDER/usr/share/fonts" "$HOME/.local/share/fonts"
export PYTHONPATH=$COLS PICTURE_LIBRARIES=$libraries
"$BIN/python" -m ansible_collections.vaultops.pam.tests.roles.drift_report --chromium "$chromium" --picture "$PICTURE" ${KEEP:+--keep "$KEEP"} 9>&-
