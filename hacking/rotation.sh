#!/usr/bin/env bash
# `make rotation`: proves that the roles rotate_password and onboard_host lose no password: real users, a real OpenSSH server
# on loopback, and SIGKILL at every step. All of it happens in a mount namespace with a copy of /etc, so that the machine's own
# users are never touched and nothing is left, whatever happens. Without an argument the short form of `make test`: the scenes,
# and the kills within each write. ROUNDS=n: n rounds of kills at all steps.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ "$(uname -s)" = Linux ] || die "rotation needs Linux: it makes users in a mount namespace of its own"

from_debian() { # PROGRAM PACKAGES: sets PROGRAM_PATH, unpacked into .work where the machine doesn't have it; nothing is installed
    local program=$1 folder=$WORK/debian/$1 deb
    shift
    mkdir -p "$folder"
    PROGRAM_PATH=$(PATH=$PATH:/usr/sbin:/sbin type -P "$program") && return
    PROGRAM_PATH=$(find "$folder" -type f -name "$program" -perm -u+x)
    if [ -z "$PROGRAM_PATH" ]; then
        type -P apt-get dpkg-deb >/dev/null || die "rotation needs $program: install $1"
        say "$program from Debian's package $1"
        (
            cd "$folder"
            apt-get -qq download "$@" 2>/dev/null || { apt-get -qq update && apt-get -qq download "$@"; }
            for deb in *.deb; do dpkg-deb -x "$deb" .; done
        ) || die "rotation needs $program: install $1"
        PROGRAM_PATH=$(find "$folder" -type f -name "$program" -perm -u+x)
        [ -n "$PROGRAM_PATH" ] || die "rotation needs $program: install $1"
    fi
}

type -P ssh >/dev/null || die "rotation needs ssh: install openssh-client"
from_debian sshd openssh-server libwrap0
ROTATION_SSHD=$PROGRAM_PATH
ROTATION_LIBRARIES=$(find "$WORK/debian" -name 'libwrap.so.0' -printf '%h') # for sshd alone
from_debian sshpass sshpass # ansible-core before 2.19 needs it for a login with a password
SSHPASS=$PROGRAM_PATH
use_core
stage rotation
install_standin "$BIN/python"
case $CORE in # their filter password_hash needs it
    2.17 | 2.18 | 2.19 | 2.20) HOME=$WORK/home "$BIN/python" -m pip install -qq passlib ;;
esac
export ROTATION_SSHD ROTATION_LIBRARIES ROTATION_OUTER_NAMESPACE ROTATION_PYTHON=$BIN/python PYTHONPATH=$COLS
ROTATION_OUTER_NAMESPACE=$(readlink /proc/self/ns/mnt)
export PATH=$BIN:${SSHPASS%/*}:$PATH:/usr/sbin:/sbin
own=(unshare --mount --pid --fork --kill-child --mount-proc)
if [ "$(id -u)" -ne 0 ]; then own+=(--map-root-user --map-auto); fi # a root with many users needs /etc/subuid and newuidmap
"${own[@]}" true || die "rotation needs root, or unshare with --map-auto (Debian: uidmap): it makes users in a namespace of its own"
log=$WORK/log/rotation.log rc=0
: >"$log"
for role in rotate_password onboard_host; do
    "${own[@]}" "$BIN/python" -m "ansible_collections.vaultops.pam.tests.roles.$role" --rounds "${ROUNDS:-0}" 2>&1 9>&- </dev/null |
        tee -a "$log" || rc=$?
done
read -r passed failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" |
    awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 2 - NR }') # one more for a role that did not end
result rotation "$passed" "$failed"
exit "$rc"
