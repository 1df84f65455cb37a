# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that the machine may lack, and a namespace in which users are made. Nothing is installed on the machine."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from workshop import WORK, die, output, say


def from_debian(*packages: str) -> Path:
    """Unpack Debian packages, and what they need that is not installed, into .work; return the folder."""
    folder = WORK / "debian" / packages[0]
    if (folder / "done").exists():
        return folder
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        die(f"this needs {packages[0]}: install it")
    say(f"{packages[0]}, from Debian's packages")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install = ("apt-get", "--simulate", "install", "--no-install-recommends", *packages)
    for _attempt in range(2):  # the lists may be old, or missing
        wanted = re.findall(r"^Inst (\S+)", output(*install), re.MULTILINE) or list(packages)
        download = subprocess.run(
            ["apt-get", "-qq", "download", *wanted], cwd=folder, stderr=subprocess.DEVNULL, check=False
        )
        if download.returncode == 0:
            break
        subprocess.call(["apt-get", "-qq", "update"])
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        package.unlink()
    (folder / "done").touch()
    return folder


def program(name: str, package: str) -> Path:
    """Return the path of a program of the machine, or of Debian's package."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found:
        return Path(found)
    unpacked = [path for path in from_debian(package).rglob(name) if os.access(path, os.X_OK) and path.is_file()]
    return unpacked[0] if unpacked else die(f"this needs {name}: install {package}")


def chromium() -> tuple[Path, str]:
    """Return a Chromium and the folders of its libraries; Roboto is the font of the picture. CHROMIUM=path: another."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found:
        return Path(found), ""
    folder = from_debian("chromium", "fonts-roboto-unhinted")
    fonts = WORK / "home/.local/share/fonts"
    fonts.parent.mkdir(parents=True, exist_ok=True)
    fonts.unlink(missing_ok=True)
    fonts.symlink_to(folder / "usr/share/fonts")
    libraries = sorted({str(path.parent) for path in (folder / "usr/lib").rglob("*.so*")})
    return folder / "usr/lib/chromium/chromium", ":".join(libraries)


def own_machine(core: Path) -> list[str]:
    """Return the command that runs another in a mount namespace, where users are made in a copy of /etc.

    What is mounted there is made by tests/roles/rotate_password/machine.py.
    """
    if platform.system() != "Linux" or not shutil.which("ssh"):
        die("this needs Linux, as users are made in a mount namespace of its own, and ssh (Debian: openssh-client)")
    sshd = program("sshd", "openssh-server")
    libraries = {str(path.parent) for path in (WORK / "debian").rglob("libwrap.so.0")}  # for sshd alone
    sshpass = program("sshpass", "sshpass")  # ansible-core before 2.19 needs it for a login with a password
    os.environ.update(
        ROTATION_SSHD=str(sshd),
        ROTATION_LIBRARIES=":".join(libraries),
        ROTATION_OUTER_NAMESPACE=os.readlink("/proc/self/ns/mnt"),
        ROTATION_PYTHON=str(core / "python"),
        PATH=f"{core}:{sshpass.parent}:{os.environ['PATH']}:/usr/sbin:/sbin",
    )
    own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.getuid() != 0:
        own += ["--map-root-user", "--map-auto"]  # a root with many users needs /etc/subuid and newuidmap
    if subprocess.call([*own, "true"]):
        die("this needs root, or unshare with --map-auto (Debian: uidmap): users are made in a namespace of its own")
    return own
