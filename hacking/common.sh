# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is used by the scripts
# Sourced by the scripts beside it: folders, Pythons, environments, the copy that
# ansible-test works on, the stand-in servers, the count of what was run.
# Everything lands in .work/ of the checkout: HOME and TMPDIR are moved there too.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=$ROOT/.work
COLLECTION=vaultops.pam
COLLECTION_PATH=${COLLECTION/.//}
SUPPORTED_CORES="2.16 2.17 2.18 2.19 2.20 2.21" # ansible-core versions that we support, oldest first
MODULE_PYTHONS="3.9 3.10 3.11 3.12 3.13 3.14"
STANDIN_PIDS=()

if [ -z "${HOME:-}" ]; then # as under `env -i`
    unset HOME
    export HOME=~
fi
mkdir -p "$WORK/pybin" "$WORK/home" "$WORK/tmp" "$WORK/log" "$WORK/results" "$WORK/lock" "$WORK/venv"
export TMPDIR=$WORK/tmp PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV MAKEFLAGS
for variable in $(compgen -e ANSIBLE_ || true) $(compgen -e PAM360_ || true) $(compgen -e CYBERARK_ || true); do
    [ "$variable" = ANSIBLE_CORE ] || unset "$variable" # a developer's own settings must not decide a test
done

say() { printf '\n=== %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# --- Pythons -----------------------------------------------------------------

probe() { # prints 'VERSION PATH' of a Python that runs and can make environments; fails for a shim without one
    "$1" -c 'import os, sys, venv, ensurepip
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], os.path.realpath(sys.executable)))' 2>/dev/null </dev/null
}

find_pythons() { # links each real interpreter as .work/pybin/pythonX.Y
    local version candidate found path pyenv
    pyenv=$(pyenv root 2>/dev/null || echo "$HOME/.pyenv")
    for version in $MODULE_PYTHONS; do
        [ -x "$WORK/pybin/python$version" ] && continue
        while IFS= read -r candidate; do
            [ -x "$candidate" ] || continue
            read -r found path < <(probe "$candidate") || continue
            [ "$found" = "$version" ] || continue
            ln -sfn "$path" "$WORK/pybin/python$version"
            break
        done < <(type -aP "python$version" python3 || true; printf '%s\n' "$pyenv/versions/$version".*/bin/python)
    done
}

has_python() { [ -x "$WORK/pybin/python$1" ]; }

core_supports() { # CORE PYTHON: can this ansible-core run on this Python?
    case $1 in
        2.16 | 2.17) [[ " 3.10 3.11 3.12 " == *" $2 "* ]] ;;
        2.18 | 2.19) [[ " 3.11 3.12 3.13 " == *" $2 "* ]] ;;
        *) [[ " 3.12 3.13 3.14 " == *" $2 "* ]] ;;
    esac
}

python_for_core() { # prints the version of the best Python found for an ansible-core
    local version
    for version in 3.13 3.12 3.11 3.14 3.10; do
        if has_python "$version" && core_supports "$1" "$version"; then
            echo "$version"
            return
        fi
    done
    return 1
}

choose() { # sets CORE, CONTROLLER (a version) and PYTHON (a path)
    local found core
    find_pythons
    CORE=${ANSIBLE_CORE:-}
    if [ -n "${PYTHON:-}" ]; then
        PYTHON=$(type -P "$PYTHON") || die "PYTHON is not a program"
        found=$(probe "$PYTHON") || die "$PYTHON does not run, or has no venv and ensurepip"
        CONTROLLER=${found%% *} PYTHON=${found#* }
        ln -sfn "$PYTHON" "$WORK/pybin/python$CONTROLLER"
    elif [ -n "$CORE" ]; then
        CONTROLLER=$(python_for_core "$CORE") || die "no Python found that ansible-core $CORE runs on"
    else
        for CONTROLLER in 3.13 3.12 3.11 3.14 none; do
            if has_python "$CONTROLLER"; then break; fi
        done
        [ "$CONTROLLER" != none ] || die "needs Python 3.11 or newer with venv (Debian: apt install python3-venv)"
    fi
    PYTHON=$WORK/pybin/python$CONTROLLER
    if [ -z "$CORE" ]; then
        for core in $SUPPORTED_CORES; do
            if core_supports "$core" "$CONTROLLER"; then CORE=$core; fi
        done
    fi
    [ -n "$CORE" ] || die "no supported ansible-core for Python $CONTROLLER"
    core_supports "$CORE" "$CONTROLLER" || die "ansible-core $CORE does not run on Python $CONTROLLER"
}

# --- Environments ------------------------------------------------------------

lock() { # waits for another run of the same thing in this checkout
    exec 9>"$WORK/lock/$1"
    if command -v flock >/dev/null; then flock 9; fi
}

venv() { # NAME PYTHON PIP-ARGUMENTS: sets VENV, which is made once for the same arguments and requirement files
    local name=$1 python=$2 stamp
    shift 2
    stamp=$(printf '%s ' "$("$python" -c 'import sys; print(sys.version)')" "$@"; cat "$ROOT"/tests/requirements/*.txt)
    VENV=$WORK/venv/$name-$(cksum <<<"$stamp" | cut -d ' ' -f 1) # another list, another folder: a run may be in the old one
    if [ -x "$VENV/bin/python" ] && [ -e "$VENV/.made" ]; then return; fi
    (
        lock "venv-$name"
        if [ -x "$VENV/bin/python" ] && [ -e "$VENV/.made" ]; then exit; fi
        say "environment $name (Python $("$python" -c 'import platform; print(platform.python_version())'))"
        rm -rf "$VENV"
        "$python" -m venv "$VENV"
        "$VENV/bin/python" "$ROOT/hacking/home.py" pip-config "$WORK/home"
        HOME=$WORK/home "$VENV/bin/python" -m pip install -qq "$@"
        touch "$VENV/.made"
    )
}

move_home() { # the rest of the run sees our HOME, the real interpreters, and no version manager's shims
    local folder path='' IFS=:
    for folder in $PATH; do
        case $folder in */shims | "$WORK"/*) ;; *) path=$path:$folder ;; esac
    done
    export HOME=$WORK/home PATH=$WORK/pybin$path
    unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME
}

lowest_requests() { sed -nE 's/^requests>=([0-9.]+).*/requests==\1/p' "$ROOT/meta/ee-requirements.txt"; }

use_tools() { # sets TOOLS: linters, docs and build tools, with the newest ansible-core of this Python
    choose
    venv "tools-$CONTROLLER" "$PYTHON" -r "$ROOT/tests/requirements/lint.txt" -r "$ROOT/tests/requirements/docs.txt"
    TOOLS=$VENV/bin
    move_home
}

use_core() { # sets BIN: the chosen ansible-core with what the tests need; LOWEST=1: with the oldest requests we support
    local name more=()
    choose
    name=core-$CORE-$CONTROLLER
    if [ -n "${LOWEST:-}" ]; then name=$name-lowest more=("$(lowest_requests)"); fi
    venv "$name" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" "${more[@]+"${more[@]}"}"
    BIN=$VENV/bin
    "$BIN/python" "$ROOT/hacking/home.py" get-pip "$WORK/home"
    move_home
}

use_awx() { # sets BIN: as use_core, with the parts of AWX that are on a package index
    local more
    choose
    mapfile -t more < <(grep -v '^#' "$ROOT/tests/awx/requirements.txt")
    venv "awx-$CORE-$CONTROLLER" "$PYTHON" "ansible-core==$CORE.*" -r "$ROOT/tests/requirements/test.txt" "${more[@]}"
    BIN=$VENV/bin
    move_home
}

# --- Programs ----------------------------------------------------------------

debian_program() { # PROGRAM PACKAGES: sets PROGRAM_PATH, unpacked into .work where the machine doesn't have it; nothing is installed
    local program=$1 folder=$WORK/debian/$1 deb
    shift
    mkdir -p "$folder"
    PROGRAM_PATH=$(PATH=$PATH:/usr/sbin:/sbin type -P "$program") && return
    PROGRAM_PATH=$(find "$folder" -type f -name "$program" -perm -u+x)
    if [ -z "$PROGRAM_PATH" ]; then
        type -P apt-get dpkg-deb >/dev/null || die "this needs $program: install $1"
        say "$program from Debian's package $1"
        (
            cd "$folder"
            apt-get -qq download "$@" 2>/dev/null || { apt-get -qq update && apt-get -qq download "$@"; }
            for deb in *.deb; do dpkg-deb -x "$deb" .; done
        ) || die "this needs $program: install $1"
        PROGRAM_PATH=$(find "$folder" -type f -name "$program" -perm -u+x)
        [ -n "$PROGRAM_PATH" ] || die "this needs $program: install $1"
    fi
}

# --- The copy ----------------------------------------------------------------

stage() { # NAME: copies the checkout, uncommitted work included, to where ansible-test wants it; sets COLS and COL
    lock "stage-$1"
    COLS=$WORK/stage/$1
    COL=$COLS/ansible_collections/$COLLECTION_PATH
    rm -rf "$COLS"
    mkdir -p "$COL"
    if git -C "$ROOT" -c "safe.directory=$ROOT" rev-parse --git-dir >/dev/null 2>&1; then
        git -C "$ROOT" -c "safe.directory=$ROOT" ls-files -z --cached --others --exclude-standard |
            (cd "$ROOT" && while IFS= read -r -d '' file; do
                if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
            done) | tar -C "$ROOT" --null -T - -cf - | tar -C "$COL" -xf -
    else
        tar -C "$ROOT" --exclude ./.work --exclude ./.git --exclude __pycache__ -cf - . | tar -C "$COL" -xf -
    fi
    # A repository of its own, or ansible-test asks the outer one, which ignores .work, and tests nothing.
    if command -v git >/dev/null; then git init -q "$COL"; fi
    export ANSIBLE_COLLECTIONS_PATH=$COLS
}

ansible_test() { # LOG ARGUMENTS: runs ansible-test in the copy; an empty run or a skipped part is a failure
    local log=$WORK/log/$1.log rc=0 version
    shift
    (cd "$COL" && PATH=$WORK/pybin:$BIN:$PATH "$BIN/python" "$BIN/ansible-test" "$@" --color no) > >(exec 9>&-; tee "$log") 2>&1 9>&- </dev/null || rc=$?
    if grep -nE 'All targets skipped|No tests applicable|Required program|No targets|no tests ran' "$log" >&2; then
        warn "ansible-test $1 left something out (see above)"
        rc=1
    fi
    while IFS= read -r line; do
        version=$(sed -nE 's/.*[Pp]ython ([0-9]+\.[0-9]+).*could not be found.*/\1/p' <<<"$line")
        if [ -n "$version" ] && ! has_python "$version"; then continue; fi # a Python that this machine doesn't have
        warn "not allowed: $line"
        rc=1
    done < <(grep -E '\bSkipping\b' "$log" || true)
    return "$rc"
}

# --- Stand-in servers --------------------------------------------------------

install_standin() { # PYTHON: installs the stand-ins of this checkout into an environment, if they changed
    local source=$TMPDIR/standin.$$ stamp mark extra
    mark=$(dirname "$(dirname "$1")")/.standin
    rm -rf "$source"
    mkdir "$source"
    tar -C "$ROOT/tests/standin" --exclude __pycache__ --exclude ./build --exclude '*.egg-info' -cf - . | tar -C "$source" -xf -
    stamp=$(cd "$source" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum)
    (
        lock "standin-$(basename "$(dirname "$mark")")"
        if [ "$(cat "$mark" 2>/dev/null)" != "$stamp" ]; then
            extra='[test]'
            if [ -n "${LOWEST:-}" ]; then extra=''; fi # the extra asks for a newer requests
            "$1" -m pip install -qq "$source$extra"
            printf '%s\n' "$stamp" >"$mark"
        fi
    )
    rm -rf "$source"
}

start_standin() { # PYTHON MODULE OPTIONS: starts one; $WORK/tmp/MODULE.$$.json then holds what it says about itself
    local python=$1 module=$2 out=$WORK/tmp/$2.$$.out try
    shift 2
    : >"$out"
    "$python" -m "$module" --port 0 --control --parent-pid $$ "$@" >"$out" 2>"$WORK/log/$module.log" </dev/null 9>&- &
    STANDIN_PIDS+=($!)
    trap stop_standins EXIT
    trap 'exit 130' INT TERM HUP
    for try in $(seq 600); do
        if [ "$(wc -l <"$out")" -ge 2 ]; then
            sed -n 2p "$out" >"$WORK/tmp/$module.$$.json"
            rm -f "$out"
            return
        fi
        kill -0 "${STANDIN_PIDS[${#STANDIN_PIDS[@]} - 1]}" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$WORK/log/$module.log" >&2
    die "$module did not start (try $try)"
}

stop_standins() {
    local pid
    for pid in "${STANDIN_PIDS[@]+"${STANDIN_PIDS[@]}"}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    STANDIN_PIDS=()
    rm -f "$WORK"/tmp/*_standin.$$.*
}

# --- Results -----------------------------------------------------------------

result() { # NAME PASSED FAILED
    printf '%s %s\n' "$2" "$3" >"$WORK/results/$1"
    printf '%s: %s passed, %s failed\n' "$1" "$2" "$3"
}
