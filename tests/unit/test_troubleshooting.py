# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The codes of failures, the page that explains them, and the messages that it quotes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common import errors
from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import CODES, PAGE, WITH_ADDRESS, VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import STATUS_CODES
from ansible_collections.vaultops.pam.plugins.module_utils._http.wire import TLS_WORDS
from ansible_collections.vaultops.pam.tests.unit._recorder import answer

COLLECTION = Path(__file__).parents[2]
SITE_PAGE = COLLECTION / "docs" / "docsite" / "rst" / f"{PAGE.rsplit('/', 1)[1].partition('.')[0]}.rst"
TEXT = SITE_PAGE.read_text(encoding="utf-8")
SECTION = re.compile(r"^(\w+)\n~+\n\n(.+)\n", re.MULTILINE)
QUOTED = re.compile(r"^``(.+)``$", re.MULTILINE)
VARIES = re.compile(
    r"…(?: failed:)?|\b(?:ACT|FIELD|FILE|HOST|KIND|LABEL|N|NAME|OBJECT|OPERATION|OPTION|PATH|REASON|STEP|TEXT|WHY)\b"
    r"|\b\d+\b|'|\""
)
LONGEST = 400  # characters of a message; documentation is longer
# Words of Ansible itself, of the console or of the server.
NOT_OURS = ("missing required arguments", "parameters are mut", "one of the following", "state is present but all")
NOT_OURS += ("Failed to import the required", "update_password is when_older_than but all")
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, VaultError)]


def trees(without: str = "") -> Iterator[ast.AST]:
    """Yield the plugins as trees."""
    for path in sorted(path for path in (COLLECTION / "plugins").rglob("*.py") if path.name != without):
        yield ast.parse(path.read_text(encoding="utf-8"))


def used() -> set[str]:
    """Return the codes that the plugins give."""
    found = {kind.code for kind in KINDS} | set(STATUS_CODES.values()) | set(TLS_WORDS)
    for tree in trees("errors.py"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in CODES:
                found.add(str(node.value))
    return found


def given() -> set[str]:
    """Return all constants that are given as a code."""
    return {
        node.value.value
        for tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("Error", "but", "unexpected"))
        for node in call.keywords
        if node.arg == "code" and isinstance(node.value, ast.Constant)
    }


def said() -> str:
    """Return all texts of the plugins but documentation, one a line, with ``\\0`` for what is filled in."""
    lines = []
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < LONGEST:
                lines.append(re.sub(r"\{\w*\}", "\0", node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
                lines.append("".join(map(str, parts)))
    return "\n".join(lines)


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    """And the section begins with the words of the table."""
    assert dict(SECTION.findall(TEXT)) == dict(CODES)


def test_every_code_is_used() -> None:
    """And none is given that is not in the table."""
    assert used() == set(CODES)
    assert given() <= set(CODES)


def threes(text: str) -> set[tuple[str, ...]]:
    """Return three words in a row, for all words of a text. What is filled in parts a text."""
    found: set[tuple[str, ...]] = set()
    for part in re.split(r"[\0\n]|(?<=[.:]) ", text):
        words = re.findall(r"[\w:/|-]+", part)
        found |= set(zip(words, words[1:], words[2:]))
    return found


def test_messages_of_the_page_are_those_of_the_code() -> None:
    """The words of a quoted message stand in this order in the plugins. A message is made of two texts at most."""
    known = threes(said())
    messages = [one for one in QUOTED.findall(TEXT) if not one.startswith(NOT_OURS)]
    assert len(messages) > 80
    strange = [one for one in messages if len(threes(VARIES.sub("\0", one)) - known) > 2]
    assert strange == []


@pytest.mark.parametrize("path", sorted((COLLECTION / "plugins" / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_every_module_documents_the_code(path: Path) -> None:
    """In the same words."""
    assert "    code:\n      description: What kind of failure it is, such as V(not_found)." in path.read_text("utf-8")


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_message_has_an_address_where_that_helps(code: str) -> None:
    """The address is that of the section, and stands at the end."""
    error = VaultError("it did not work", code=code, operation="Asking", hint="Try again.")
    assert error.failure()["code"] == code
    address = f" See {PAGE}#{code.replace('_', '-')}." if code in WITH_ADDRESS else ""
    assert str(error) == f"Asking failed: it did not work. Try again.{address}"


@pytest.mark.parametrize(
    ("status", "words", "authentication", "code"),
    [
        (200, "No", False, "refused"),
        (200, "", False, "refused"),
        (200, "No", True, "login_refused"),
        (400, "No", False, "refused"),
        (401, "No", False, "login_refused"),
        (403, "No", False, "not_allowed"),
        (403, "", True, "login_refused"),
        (404, "No", False, "refused"),
        (404, "", False, "unknown_address"),
        (405, "", False, "method_not_allowed"),
        (407, "", False, "proxy_login"),
        (408, "", False, "server_unavailable"),
        (413, "", False, "request_too_large"),
        (418, "", False, "refused"),
        (429, "No", False, "too_many_requests"),
        (500, "No", False, "server_failed"),
        (501, "", False, "server_failed"),
        (502, "", False, "server_unavailable"),
        (503, "No", False, "server_unavailable"),
        (504, "", False, "server_unavailable"),
        (599, "", False, "input_filter"),
    ],
)
def test_code_of_a_refusal(status: int, words: str, authentication: bool, code: str) -> None:
    """By status, by whether the server gave words, and by whether it spoke of who called."""
    assert answer(status, b"").error(words, authentication=authentication).code == code


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (302, b"", "redirect"),
        (200, b"", "not_json"),
        (200, b'{"a":', "not_json"),
        (200, b"<html>Sign in</html>", "web_page"),
        (200, b"[" * 101 + b"]" * 101, "unexpected_answer"),
    ],
)
def test_code_of_an_answer_that_is_none(status: int, body: bytes, code: str) -> None:
    """By what came in place of the API's JSON."""
    with pytest.raises(VaultError) as caught:
        answer(status, body).json()
    assert caught.value.code == code
