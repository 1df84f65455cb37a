# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a site of what antsibull-docs wrote: `make docs` runs this between antsibull-docs and Sphinx.

``python docs/site.py FOLDER``: FOLDER has conf.py of ``antsibull-docs sphinx-init``, and the pages in ``rst``.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import yaml

DOCSITE = Path(__file__).resolve().parent / "docsite"
ADDRESS = "https://vaultops.github.io/vaultops.pam/"
# Labels of Ansible's own manual are resolved by intersphinx, which loads inventories from the web. Without it, unknown
# labels are let pass; that those of our own pages exist is checked below.
SETTINGS = f"""
suppress_warnings = ["ref.ref"]
project = title = html_title = html_short_title = "vaultops.pam"
copyright = "vaultops.pam contributors"
html_theme_options = {{"documentation_home_url": "{ADDRESS}"}}
"""
TOCTREE = "\n.. toctree::\n    :maxdepth: 1\n"
LABEL, REFERENCE = re.compile(r"^\.\. _([\w.]+):$", re.MULTILINE), re.compile(r":ref:`(?:[^`<]*<)?([\w.]+)>?`")
OURS = "ansible_collections.vaultops.pam.docsite."


def settings(text: str) -> str:
    """Return conf.py without intersphinx, and with our name and address."""
    text = re.sub(r"""['"]sphinx\.ext\.intersphinx['"],?\s*""", "", text)
    return re.sub(r"^intersphinx_mapping = \{.*?^\}\n", "", text, flags=re.MULTILINE | re.DOTALL) + SETTINGS


START = """New here? Begin with the :ref:`Overview <ansible_collections.vaultops.pam.docsite.guide_overview>`.

.. figure:: docsite/images/overview.svg
   :alt: AWX, the controller, the vault and the hosts, and what they say to each other
   :width: 100%

"""


def grouped(text: str) -> str:
    """Return the start page with the groups of extra-docs.yml as captions, which the sidebar shows.

    The pages of modules, plugins and roles follow those of "Reference". Filters, which only our roles call, stay out of
    the sidebar.
    """
    groups = [group["title"] for group in yaml.safe_load((DOCSITE / "extra-docs.yml").read_text("utf-8"))["sections"]]
    for title in groups:
        heading = f"{title}\n{'-' * len(title)}\n{TOCTREE}"
        if heading not in text:
            raise SystemExit(f"docs: the start page has no group '{title}'")
        text = text.replace(heading, f"{TOCTREE.lstrip()}    :caption: {title}\n")
    last = re.search(rf"\.\. toctree::\n    :maxdepth: 1\n    :caption: {groups[-1]}\n\n(?:    .*\n)+", text)
    if not last:
        raise SystemExit("docs: the last group has no pages")
    text = text.replace(last[0], "") + f"\n{last[0]}"
    text = text.replace("**Author:**", f"{START}**Author:**", 1)
    return re.sub(r"\.\. toctree::\n    :maxdepth: 1\n    :hidden:\n\n(?:    \w+_filter\n)+", "", text)


def example_first(text: str) -> str:
    """Return the page of a role with its example before the synopsis."""
    found = re.search(r"^Examples\n\^+\n\n(?:(?:\.\. |    ).*\n|\n)+", text, re.MULTILINE)
    start = text.find("Synopsis\n^^^^")
    if not found or start < 0:
        raise SystemExit("docs: a page of a role has no example")
    return text[:start] + found[0] + text[start : found.start()] + text[found.end() :]


def missing_labels(folder: Path) -> list[str]:
    """Return references to labels of our own pages that no page has."""
    texts = [path.read_text("utf-8") for path in sorted(folder.rglob("*.rst"))]
    known = {label for text in texts for label in LABEL.findall(text)}
    wanted = {label for text in texts for label in REFERENCE.findall(text) if label.startswith(OURS)}
    return sorted(wanted - known)


def main(folder: Path) -> None:
    """Prepare the folder for Sphinx."""
    for path, change in ((folder / "conf.py", settings), (folder / "rst" / "index.rst", grouped)):
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    for path in (folder / "rst").glob("*_role.rst"):
        path.write_text(example_first(path.read_text("utf-8")), encoding="utf-8")
    # antsibull-docs takes the texts alone.
    shutil.copytree(DOCSITE / "rst" / "images", folder / "rst" / "docsite" / "images", dirs_exist_ok=True)
    missing = missing_labels(folder / "rst")
    if missing:
        raise SystemExit(f"docs: no page has {', '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
