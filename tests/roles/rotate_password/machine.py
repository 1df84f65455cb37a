# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine of our own inside this one: copies of /etc, real users, a real OpenSSH server on loopback.

Runs in a mount namespace that ``make rotation`` made, and refuses to run elsewhere: it mounts over /etc.
Nothing of it is left when the namespace ends, whatever happened.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("/mnt")  # nothing but memory, in our namespace alone; a short name, as paths of sockets must be short
PASSWD = """\
root:x:0:0:root:/root:/bin/sh
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
nobody:x:65534:65534::/:/usr/sbin/nologin
"""
GROUP = "root:x:0:\nnogroup:x:65534:\n"
SHADOW = "root:*:19000:0:99999:7:::\nsshd:!:19000::::::\nnobody:*:19000:0:99999:7:::\n"
CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/root_key.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication yes
MaxStartups 100
"""
PENALTIES = "PerSourcePenalties no\n"  # OpenSSH 9.8 and newer would shut out loopback after a few wrong passwords
ASKPASS = '#!/bin/sh\nprintf "%s\\n" "$ROTATION_PASSWORD"\n'
# Stands in front of usermod. It can be told to fail, or to wait
# before or after the real one, for a kill in that very moment.
# Only where it sets a password: the module calls it for --help too.
USERMOD = """\
#!/bin/sh
case " $* " in *' -p '*) ;; *) exec '{folder}/usermod.real' "$@" ;; esac
trap '' HUP PIPE
hold() {{
    [ -e '{folder}/hold.'"$1" ] || return 0
    rm -f '{folder}/hold.'"$1"
    echo "$$" >'{folder}/reached'
    read -r word <'{folder}/go'
}}
[ ! -e '{folder}/refuse' ] || exit 1
hold before
'{folder}/usermod.real' "$@"
rc=$?
hold after
exit "$rc"
"""


def run(*command: str, text: str | None = None) -> str:
    """Run a command of the test itself; raises CalledProcessError."""
    return subprocess.run(command, check=True, input=text, stdout=subprocess.PIPE, text=True).stdout


@dataclass
class Machine:
    """The machine: its folder, its SSH server (port, process ID), and its pipes to the usermod in front."""

    folder: Path
    port: int
    reached: int
    go: int
    server: int

    def add_user(self, password: str) -> str:
        """Make a user with a name of its own; return the name."""
        name = f"rot{secrets.token_hex(4)}"
        run("/usr/sbin/useradd", "-M", "-d", "/", "-s", "/bin/sh", name)
        run("/usr/sbin/chpasswd", "-c", "SHA512", "-s", "5000", text=f"{name}:{password}\n")
        return name

    def remove_user(self, name: str) -> None:
        """Remove a user, even while the server is still ending a login."""
        run("/usr/sbin/userdel", "--force", name)

    def opens(self, name: str, password: str) -> bool:
        """Tell whether a password opens a real login."""
        command = ["ssh", *self.options(), "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password"]
        command += ["-o", "NumberOfPasswordPrompts=1", "-p", str(self.port), f"{name}@127.0.0.1", "echo in"]
        environment = {
            **os.environ,
            "SSH_ASKPASS": str(self.folder / "askpass"),
            "SSH_ASKPASS_REQUIRE": "force",
            "ROTATION_PASSWORD": password,
        }
        done = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode and "Permission denied" not in done.stderr:
            raise RuntimeError(f"The login itself broke: {done.stderr}")
        return done.stdout.strip() == "in"

    def options(self) -> list[str]:
        """Return what each ssh of the test needs: our known hosts, no settings of the user."""
        known = f"UserKnownHostsFile={self.folder}/known_hosts"
        return ["-F", "none", "-o", known, "-o", "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR"]

    def refuse(self) -> None:
        """Let usermod fail from now on."""
        (self.folder / "refuse").touch()

    def accept(self) -> None:
        """Let usermod work again."""
        (self.folder / "refuse").unlink()

    def processor_time(self) -> float:
        """Return the seconds of processor time that all logins and their commands have used."""
        fields = Path(f"/proc/{self.server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def hold(self, moment: str) -> None:
        """Let the next usermod wait ``before`` or ``after`` its work."""
        (self.folder / f"hold.{moment}").touch()

    def let_go(self) -> None:
        """Let no usermod wait that comes later."""
        for moment in ("before", "after"):
            (self.folder / f"hold.{moment}").unlink(missing_ok=True)

    def held(self) -> int | None:
        """Return the process id of a usermod that waits, if one does."""
        with contextlib.suppress(BlockingIOError):
            return int(os.read(self.reached, 100))
        return None

    def release(self) -> None:
        """Let a waiting usermod go on."""
        os.write(self.go, b"go\n")


def own_namespace() -> None:
    """Refuse to work on the machine's own /etc."""
    if os.readlink("/proc/self/ns/mnt") == os.environ.get("ROTATION_OUTER_NAMESPACE", ""):
        raise SystemExit("This test mounts over /etc, so it runs in a mount namespace of its own: use `make rotation`.")
    if "ROTATION_OUTER_NAMESPACE" not in os.environ:
        raise SystemExit("Use `make rotation`, which makes the mount namespace that this test needs.")


def mount_over_etc(folder: Path) -> None:
    """Put a copy over /etc, with few users, and empty folders where servers write."""
    subprocess.run(
        ["cp", "-a", "/etc", str(folder / "etc")], check=False, stderr=subprocess.DEVNULL
    )  # not all is readable
    etc = folder / "etc"
    for name, text, mode in (("passwd", PASSWD, 0o644), ("group", GROUP, 0o644), ("shadow", SHADOW, 0o600)):
        for old in (f"{name}", f"{name}-", "gshadow", "subuid", "subgid"):
            (etc / old).unlink(missing_ok=True)
        (etc / name).write_text(text, encoding="ascii")
        (etc / name).chmod(mode)
    run("mount", "--bind", str(etc), "/etc")
    for place in ("/run", "/var/log"):
        run("mount", "-t", "tmpfs", "tmpfs", place)
    Path("/run/sshd").mkdir(mode=0o755)


def front_usermod(folder: Path) -> tuple[int, int]:
    """Put our usermod in front of the real one; return both pipes, opened so that no side waits for the other."""
    usermod = Path("/usr/sbin/usermod").resolve()
    shutil.copy2(usermod, folder / "usermod.real")
    script = folder / "usermod"
    script.write_text(USERMOD.format(folder=folder), encoding="utf-8")
    script.chmod(0o755)
    run("mount", "--bind", str(script), str(usermod))
    pipes = []
    for name in ("reached", "go"):
        os.mkfifo(folder / name)
        pipes.append(os.open(folder / name, os.O_RDWR | os.O_NONBLOCK))
    return pipes[0], pipes[1]


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve_ssh(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start sshd with keys of its own; return when it answers."""
    sshd, environment = os.environ["ROTATION_SSHD"], dict(os.environ)
    if os.environ["ROTATION_LIBRARIES"]:
        environment["LD_LIBRARY_PATH"] = os.environ["ROTATION_LIBRARIES"]
    for key in ("host_key", "root_key"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", str(folder / key))
    host = (folder / "host_key.pub").read_text(encoding="ascii")
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host}", encoding="ascii")
    (folder / "askpass").write_text(ASKPASS, encoding="ascii")
    (folder / "askpass").chmod(0o755)
    config = folder / "sshd_config"
    text = CONFIG.format(port=port, folder=folder)
    config.write_text(text + PENALTIES, encoding="utf-8")
    test = [sshd, "-t", "-f", str(config)]
    if subprocess.run(test, check=False, env=environment, stderr=subprocess.DEVNULL).returncode:
        config.write_text(text, encoding="utf-8")
    with (folder / "sshd.log").open("wb") as log:
        command = [sshd, "-D", "-e", "-f", str(config)]
        server = subprocess.Popen(command, env=environment, stderr=log, stdin=subprocess.DEVNULL)
    for _try in range(200):
        if server.poll() is not None:
            raise SystemExit(f"sshd did not start: {(folder / 'sshd.log').read_text(encoding='utf-8')}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return server
        time.sleep(0.05)
    raise SystemExit("sshd does not answer")


@contextlib.contextmanager
def machine() -> Iterator[Machine]:
    """Make the machine, and stop its server at the end. The mounts end with the namespace."""
    own_namespace()
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(FOLDER))
    folder = FOLDER
    (folder / "python").symlink_to(Path(sys.executable).resolve())  # for the host: a path without a blank
    mount_over_etc(folder)
    pipes = front_usermod(folder)
    port = free_port()
    server = serve_ssh(folder, port)
    try:
        yield Machine(folder, port, *pipes, server.pid)
    finally:
        server.terminate()
        server.wait()
