"""Prepare the HOME that the tests use, in .work of the checkout. Standard library only.

pip-config HOME   writes what pip knows here (its files and PIP_ variables) into HOME's pip.conf:
                  ansible-test runs pip with a bare environment, and an index or a CA that
                  stands in the user's own settings must still be found.
get-pip HOME      puts a stand-in for get-pip.py where ansible-test looks for a downloaded one;
                  it takes pip from ensurepip, so nothing comes from outside the package index.
"""

from __future__ import annotations

import ast
import configparser
import os
import pathlib
import re
import subprocess
import sys
import sysconfig

GET_PIP = """\
import subprocess
import sys

args = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "-q", *args]))
"""


def pip_config(home: pathlib.Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    config = configparser.RawConfigParser()
    # Variables beat files, as in pip, so they come last.
    for line in sorted(listed.splitlines(), key=lambda text: text.startswith(":env:")):
        key, value = line.split("=", 1)
        section, option = key.rsplit(".", 1)
        section = "global" if section == ":env:" else section
        if option in {"config-file", "disable-pip-version-check", "no-input", "quiet", "verbose"}:
            continue
        if not config.has_section(section):
            config.add_section(section)
        config.set(section, option, ast.literal_eval(value))
    if not config.has_section("global"):
        config.add_section("global")
    config.set("global", "quiet", "2")
    target = home / ".config" / "pip" / "pip.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        config.write(stream)


def get_pip(home: pathlib.Path) -> None:
    source = pathlib.Path(sysconfig.get_path("purelib"), "ansible_test/_internal/python_requirements.py")
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in set(re.findall(r"\bpip='([0-9.]+)'", source.read_text(encoding="utf-8"))):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP, encoding="utf-8")


if __name__ == "__main__":
    {"pip-config": pip_config, "get-pip": get_pip}[sys.argv[1]](pathlib.Path(sys.argv[2]))
