# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sessions of noxfile.py share: Pythons, environments, the staged copy, stand-in servers, counts.

All of it lands in ``.work/`` of the checkout; HOME and TMPDIR are moved there too. Standard library only.
"""

from __future__ import annotations

import ast
import atexit
import configparser
import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".work"
LOG = WORK / "log"
COLLECTION = "vaultops.pam"
REQUIREMENTS = ROOT / "tests" / "requirements"
# The Pythons on which an ansible-core runs; oldest first.
CORES = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
    "2.22": ("3.13", "3.14"),
    "candidate": ("3.13", "3.14"),
}
# Those that are, or may be, a pre-release. They are taken when they are named.
CANDIDATES = {"2.22": "ansible-core~=2.22.0rc1", "candidate": "ansible-core>=2.22.0rc1"}
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")  # of modules
PREFERRED = ("3.13", "3.12", "3.11", "3.14", "3.10")  # of the controller
GET_PIP = """\
import subprocess
import sys

args = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "-q", *args]))
"""


def die(message: str) -> NoReturn:
    """End with a message."""
    raise SystemExit(f"error: {message}")


def say(text: str) -> None:
    """Print a heading."""
    print(f"\n=== {text}", flush=True)


def output(*command: str | Path) -> str:
    """Return what a program prints, or "" if it fails or is not there."""
    with contextlib.suppress(OSError):
        done = subprocess.run(
            [*map(str, command)], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        return done.stdout if done.returncode == 0 else ""
    return ""


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Wait for another run of the same thing in this checkout."""
    with (WORK / "lock" / name).open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


# --- the house of the tests --------------------------------------------------


def move_in() -> None:
    """Give the rest of the run a HOME of its own, the real interpreters, and nobody's settings."""
    for folder in ("bin", "home", "tmp", "log", "results", "lock", "venv"):
        (WORK / folder).mkdir(parents=True, exist_ok=True)
    find_pythons()
    if os.environ.get("HOME") != str(WORK / "home"):
        pip_config(WORK / "home")
    others = (
        r"(ANSIBLE(?!_CORE$)|PAM360|CYBERARK)_|XDG_(CONFIG|CACHE|DATA|STATE)_HOME$|PYTHON(PATH|HOME)$|VIRTUAL_ENV$|MAKE"
    )
    for name in [name for name in os.environ if re.match(others, name)]:
        del os.environ[name]
    path = [part for part in os.environ["PATH"].split(":") if not part.endswith("/shims") and str(WORK) not in part]
    home = Path(os.environ.get("HOME") or "~").expanduser()
    os.environ.setdefault("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    os.environ.setdefault("GNUPGHOME", str(home / ".gnupg"))
    path.append(str(Path(sys.executable).parent))  # antsibull-nox calls ansible-galaxy
    os.environ.update(
        GIT_CEILING_DIRECTORIES=str(WORK),  # what lies in .work is in no repository
        HOME=str(WORK / "home"),
        PATH=":".join([str(WORK / "bin"), *path]),
        TMPDIR=str(WORK / "tmp"),
        MYPY_CACHE_DIR=str(WORK / "mypy"),
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONDONTWRITEBYTECODE="1",
    )


def pip_config(home: Path) -> None:
    """Write what pip knows here into HOME's pip.conf: ansible-test calls pip with a bare environment."""
    config = configparser.RawConfigParser()
    listed = output(sys.executable, "-m", "pip", "config", "list").splitlines()
    for line in sorted(listed, key=lambda text: text.startswith(":env:")):  # variables beat files, as in pip
        key, value = line.split("=", 1)
        section, option = key.rsplit(".", 1)
        section = "global" if section == ":env:" else section
        if option not in {"config-file", "disable-pip-version-check", "no-input", "quiet", "verbose"}:
            config.setdefault(section, {})
            config[section][option] = ast.literal_eval(value)
    config.setdefault("global", {})
    config["global"]["quiet"] = "2"
    target = home / ".config" / "pip" / "pip.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        config.write(stream)


# --- Pythons and environments ------------------------------------------------


def probe(python: str | Path) -> list[str]:
    """Return version and path of a Python that runs and can make environments; [] for a shim without one."""
    code = "import os, sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable))"
    return output(python, "-c", code).split(maxsplit=1)


def find_pythons() -> None:
    """Link each real interpreter as ``.work/bin/pythonX.Y``."""
    pyenv = output("pyenv", "root").strip() or os.path.expanduser("~/.pyenv")
    for version in PYTHONS:
        link = WORK / "bin" / f"python{version}"
        if link.exists():
            continue
        folders = [Path(part) for part in os.environ["PATH"].split(":") if part]
        candidates = [folder / name for name in (f"python{version}", "python3") for folder in folders]
        for candidate in (*candidates, *Path(pyenv, "versions").glob(f"{version}.*/bin/python")):
            found = probe(candidate) if candidate.exists() else []
            if found and found[0] == version:
                link.unlink(missing_ok=True)
                link.symlink_to(found[1].strip())
                break


def has_python(version: str) -> bool:
    """Is this Python on this machine?"""
    return (WORK / "bin" / f"python{version}").exists()


def python_for(core: str) -> str | None:
    """Return the version of the best Python here for an ansible-core."""
    return next((version for version in PREFERRED if has_python(version) and version in CORES[core]), None)


def choose() -> tuple[str, str]:
    """Return ansible-core and Python of this run, from ANSIBLE_CORE and PYTHON or the newest that fit."""
    core, wanted = os.environ.get("ANSIBLE_CORE", ""), os.environ.get("PYTHON", "")
    if core and core not in CORES:
        die(f"ansible-core {core} is not supported; known are {', '.join(CORES)}")
    if wanted:
        program = shutil.which(wanted)
        found = probe(program) if program else None
        if not found:
            die(f"{wanted} is not a program, does not run, or has no venv and ensurepip")
        version = found[0]
        link = WORK / "bin" / f"python{version}"
        link.unlink(missing_ok=True)
        link.symlink_to(found[1].strip())
    elif core:
        version = python_for(core) or ""
        if not version:
            die(f"no Python found that ansible-core {core} runs on")
    else:
        version = next((version for version in PREFERRED[:-1] if has_python(version)), "")
        if not version:
            die("needs Python 3.11 or newer with venv (Debian: apt install python3-venv)")
    fitting = [known for known, pythons in CORES.items() if version in pythons and known not in CANDIDATES]
    if not core and not fitting:
        die(f"no supported ansible-core for Python {version}")
    core = core or fitting[-1]
    if version not in CORES[core]:
        die(f"ansible-core {core} does not run on Python {version}")
    return core, version


def environment(name: str, python: str, *arguments: str) -> Path:
    """Return the ``bin`` of an environment, which is made once for the same arguments and requirement files."""
    interpreter = WORK / "bin" / f"python{python}"
    texts = [path.read_bytes() for path in sorted(REQUIREMENTS.glob("*.txt"))]
    stamp = zlib.crc32(b"".join([str(interpreter.resolve()).encode(), repr(arguments).encode(), *texts]))
    folder = WORK / "venv" / f"{name}-{stamp:x}"  # another list, another folder: a run may be in the old one
    with lock(f"venv-{name}"):
        if not (folder / ".made").exists():
            say(f"environment {name}")
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([interpreter, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-qq", *arguments], check=True)
            (folder / ".made").touch()
    return folder / "bin"


def lines_of(path: str) -> list[str]:
    """Return the requirements of a file."""
    return [line for line in (ROOT / path).read_text().splitlines() if line and not line.startswith("#")]


def lowest_requests() -> str:
    """Return the oldest requests that we support, as a requirement."""
    return next(
        line.replace(">=", "==") for line in lines_of("meta/ee-requirements.txt") if line.startswith("requests")
    )


def use_core(*more: str, name: str = "core") -> Path:
    """Return the ``bin`` of the chosen ansible-core with what the tests need. LOWEST=1: with the oldest requests."""
    core, python = choose()
    wanted = CANDIDATES.get(core, f"ansible-core=={core}.*")
    if os.environ.get("LOWEST"):
        name, more = f"{name}-lowest", (*more, lowest_requests())
    found = environment(f"{name}-{core}-{python}", python, wanted, "-r", str(REQUIREMENTS / "test.txt"), *more)
    # ansible-test looks for a downloaded get-pip.py. Ours takes pip from ensurepip, so that no other site is asked.
    versions = found.parent.glob("lib/python*/site-packages/ansible_test/_internal/python_requirements.py")
    cache = WORK / "home/.ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in set(re.findall(r"\bpip='([0-9.]+)'", "".join(path.read_text() for path in versions))):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP)
    return found


# --- the copy that ansible-test works on -------------------------------------


def files() -> list[str]:
    """Return the files of the checkout, uncommitted work included."""
    git = ["git", "-C", str(ROOT), "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others"]
    listed = output(*git, "--exclude-standard").split("\0")
    return [name for name in listed if name and os.path.lexists(ROOT / name)]


def stage(name: str) -> Path:
    """Copy the checkout to where ansible-test wants it, and return that folder."""
    top = WORK / "stage" / name
    copy = top / "ansible_collections" / Path(*COLLECTION.split("."))
    with lock(f"stage-{name}"):
        shutil.rmtree(top, ignore_errors=True)
        for file in files():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, copy / file, follow_symlinks=False)
        # A repository of its own, or ansible-test asks the outer one, which ignores .work, and tests nothing.
        subprocess.run(["git", "init", "-q", copy], check=True)
    os.environ.update(ANSIBLE_COLLECTIONS_PATH=str(top), PYTHONPATH=str(top))
    return copy


def ansible_test(log: str, core: Path, copy: Path, *arguments: str) -> tuple[int, str]:
    """Run ansible-test in the copy; an empty run or a part that was skipped is a failure. Return code and log."""
    command = [str(core / "python"), str(core / "ansible-test"), *arguments, "--color", "no"]
    bare = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    bare["PATH"] = f"{WORK / 'bin'}:{core}:{os.environ['PATH']}"
    code = run_logged(log, command, cwd=copy, env=bare)
    text = (LOG / f"{log}.log").read_text(encoding="utf-8", errors="replace")
    bad = re.findall(r".*(?:All targets skipped|No tests applicable|Required program|No targets|no tests ran).*", text)
    for line in re.findall(r".*\bSkipping\b.*", text):
        absent = re.search(r"[Pp]ython ([0-9]+\.[0-9]+).*could not be found", line)
        if not absent or has_python(absent[1]):
            bad.append(line)
    for line in bad:
        print(f"not allowed: {line}")
    return (1 if bad else code), text


def run_logged(log: str, command: Sequence[str | Path], **options: object) -> int:
    """Run a program; its output is shown and kept in a log."""
    with (
        (LOG / f"{log}.log").open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,  # type: ignore[call-overload]
        ) as process,
    ):
        for line in process.stdout:
            stream.write(line)
            print(line, end="", flush=True)
    return int(process.returncode)


# --- stand-in servers --------------------------------------------------------


def install_standin(core: Path) -> None:
    """Install the stand-ins of this checkout into an environment, if they changed."""
    source = [ROOT / name for name in files() if name.startswith("tests/standin/")]
    stamp = "".join(f"{path} {zlib.crc32(path.read_bytes())}\n" for path in sorted(source))
    mark = core.parent / ".standin"
    with lock(f"standin-{core.parent.name}"):
        if mark.exists() and mark.read_text() == stamp:
            return
        copy = WORK / "tmp" / f"standin.{os.getpid()}"
        shutil.copytree(
            ROOT / "tests/standin", copy, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
        )
        extra = "" if os.environ.get("LOWEST") else "[test]"  # the extra asks for a newer requests
        subprocess.run([core / "python", "-m", "pip", "install", "-qq", f"{copy}{extra}"], check=True)
        shutil.rmtree(copy)
        mark.write_text(stamp)


def start_standin(core: Path, module: str) -> dict[str, str]:
    """Start a stand-in that lives as long as this process; return what it says about itself."""
    command = [core / "python", "-m", module, "--port", "0", "--tls", "--control", "--parent-pid", str(os.getpid())]
    with (LOG / f"{module}.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
    atexit.register(process.terminate)
    lines = [process.stdout.readline(), process.stdout.readline()] if process.stdout else []
    if not lines or not lines[-1]:
        die(f"{module} did not start: {(LOG / f'{module}.log').read_text()[-2000:]}")
    return dict(json.loads(lines[1]))


# --- counts ------------------------------------------------------------------


def junit(*names: str) -> tuple[int, int]:
    """Return how many tests passed and failed, by JUnit files in the folder of logs."""
    passed = failed = 0
    for path in [path for path in (LOG / f"{name}.xml" for name in names) if path.exists()]:
        for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 (our own pytest wrote it)
            kinds = {child.tag for child in case}
            failed += bool(kinds & {"failure", "error"})
            passed += not kinds & {"failure", "error", "skipped"}
    return passed, failed


def told(log: str) -> tuple[int, int]:
    """Return the sums of the lines 'n passed, m failed' in a log, and how many such lines there are is in neither."""
    found = re.findall(r"^(\d+) passed, (\d+) failed$", (LOG / f"{log}.log").read_text(), re.MULTILINE)
    return sum(int(passed) for passed, _failed in found), sum(int(failed) for _passed, failed in found)


def result(name: str, passed: int, failed: int, *, at_least: int = 1, code: int = 0) -> None:
    """Keep and print what was counted; end with an error if something failed or too little ran."""
    failed = failed or (1 if code else 0)
    (WORK / "results" / name).write_text(f"{passed} {failed}\n")
    print(f"{name}: {passed} passed, {failed} failed", flush=True)
    if passed < at_least:
        die(f"{name}: only {passed} tests, expected at least {at_least}")
    if failed:
        die(f"{name}: FAILED")
