# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README and the site say the same, and name nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.connect import CONNECTION as CYBERARK
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import CONNECTION as PAM360

COLLECTION = Path(__file__).parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (COLLECTION / "docs/docsite/rst").glob("*.rst")}
GUIDES = "https://vaultops.github.io/vaultops.pam/docsite/"
REPOSITORY = re.compile(
    r"https://(?:github\.com/vaultops/vaultops\.pam/(?:blob|tree)|raw\.[^/]+/vaultops/vaultops\.pam)/main/([^)#>\s]+)"
)
MOST_WORDS = {"benchmarks": 1500}


def title(page: str) -> str:
    """Return the title of a page."""
    found = re.search(r"^(.+)\n=+$", PAGES[page], re.MULTILINE)
    assert found, page
    return found[1]


def texts() -> dict[str, str]:
    """Return what users read, by file."""
    paths = [COLLECTION / "README.md", COLLECTION / "docs/overview.md", *COLLECTION.glob("roles/*/README.md")]
    return {str(path.relative_to(COLLECTION)): path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.parametrize("name", texts())
def test_links_to_pages_bear_their_titles(name: str) -> None:
    """And the pages exist."""
    links = re.findall(rf"\[([^]]+)\]\({re.escape(GUIDES)}(\w+)\.html\)", texts()[name])
    assert [(words, page) for words, page in links if page not in PAGES] == []
    named = [(words, page) for words, page in links if not words.startswith("`") and words != "drift report"]
    assert [(words, title(page)) for words, page in named if words != title(page)] == []


def test_the_readme_leads_to_every_page() -> None:
    """A page that no one finds is of no use."""
    assert [page for page in PAGES if f"{GUIDES}{page}.html" not in texts()["README.md"]] == []


def test_the_sidebar_has_every_page_once() -> None:
    """In four groups."""
    groups = yaml.safe_load((COLLECTION / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    assert [group["title"] for group in groups] == ["Start", "How-to", "Reference", "Background"]
    assert sorted(page for group in groups for page in group["toctree"]) == sorted(PAGES)


@pytest.mark.parametrize("name", [*texts(), *PAGES])
def test_commands_and_files_that_are_named_exist(name: str) -> None:
    """Targets of make, files of the repository, pictures."""
    text = texts().get(name) or PAGES[name]
    targets = set(re.findall(r"^([a-z-]+):", (COLLECTION / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    assert [path for path in REPOSITORY.findall(text) if not (COLLECTION / path).exists()] == []
    assert [
        path for path in re.findall(r":: (images/\S+)", text) if not (COLLECTION / "docs/docsite/rst" / path).exists()
    ] == []


@pytest.mark.parametrize("page", MOST_WORDS)
def test_pages_that_have_to_be_short_are(page: str) -> None:
    """Counted with all tables."""
    assert len(PAGES[page].split()) <= MOST_WORDS[page]


def test_connect_has_every_connection_option() -> None:
    """With its environment variable for PAM360; those of CyberArk have the same names."""
    page = PAGES["guide_connection"]
    assert [name for name in {**PAM360, **CYBERARK} if f"``{name}``" not in page] == []
    variables = [spec.get("variable") or spec.get("own_variable") for spec in PAM360.values()]
    assert [variable for variable in variables if f"``{variable}``" not in page] == []
