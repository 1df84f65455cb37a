# shellcheck shell=bash
# Sourced by the scripts that need a host of their own: sshd, ssh and sshpass, and a mount namespace with a copy of /etc, in
# which users are made (tests/roles/rotate_password/machine.py).

[ "$(uname -s)" = Linux ] || die "this needs Linux: users are made in a mount namespace of its own"

type -P ssh >/dev/null || die "this needs ssh: install openssh-client"
debian_program sshd openssh-server libwrap0
ROTATION_SSHD=$PROGRAM_PATH
ROTATION_LIBRARIES=$(find "$WORK/debian" -name 'libwrap.so.0' -printf '%h') # for sshd alone
debian_program sshpass sshpass # ansible-core before 2.19 needs it for a login with a password
SSHPASS=$PROGRAM_PATH

own_machine() { # after use_core: what on_own_machine needs
    ROTATION_OUTER_NAMESPACE=$(readlink /proc/self/ns/mnt)
    export ROTATION_SSHD ROTATION_LIBRARIES ROTATION_OUTER_NAMESPACE ROTATION_PYTHON=$BIN/python
    export PATH=$BIN:${SSHPASS%/*}:$PATH:/usr/sbin:/sbin
    own=(unshare --mount --pid --fork --kill-child --mount-proc)
    if [ "$(id -u)" -ne 0 ]; then own+=(--map-root-user --map-auto); fi # a root with many users needs /etc/subuid and newuidmap
    "${own[@]}" true || die "this needs root, or unshare with --map-auto (Debian: uidmap): users are made in a namespace of its own"
}

on_own_machine() { # COMMAND ARGUMENTS: run it in the namespace
    "${own[@]}" "$@"
}
