# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of AWX's REST API that the modules of awx.awx need to make objects: lists by name, create, edit, link.

It checks nothing; what the modules of awx.awx send is kept for a test to look at.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

API = "/api/v2/"
LINKS = ("credentials", "labels", "instance_groups", "survey_spec")
Json = dict[str, Any]
SHOWN = {"scm_revision": "", "summary_fields": {}}  # what AWX adds by itself, and a module looks at


class Controller:
    """Objects by kind and id, and what was linked to them. *writes* are all requests but GET."""

    def __init__(self, **given: list[str]) -> None:
        self.numbers = itertools.count(1)
        self.objects: dict[str, dict[int, Json]] = {}
        self.links: dict[str, list[Any]] = {}
        self.writes: list[str] = []
        for kind, names in given.items():
            for name in names:
                self.create(kind, {"name": name})

    def create(self, kind: str, data: Json) -> Json:
        """Keep a new object; return it as the API shows it."""
        number = next(self.numbers)
        url = f"{API}{kind}/{number}/"
        related = {link: f"{url}{link}/" for link in LINKS}
        made = {**SHOWN, **data, "id": number, "type": kind.removesuffix("s"), "url": url, "related": related}
        self.objects.setdefault(kind, {})[number] = made
        return made

    def named(self, kind: str, name: str) -> Json:
        """Return the one object of that name."""
        (found,) = [one for one in self.objects[kind].values() if one["name"] == name]
        return found

    def linked(self, found: Json, link: str) -> list[Any]:
        """Return what is linked to an object."""
        return self.links.get(found["related"][link], [])

    def answer(self, request: Request) -> Json:
        """Return the answer to a request."""
        if request.method != "GET":
            self.writes.append(f"{request.method} {request.path}")
        kind, *rest = request.path.removeprefix(API).strip("/").split("/")
        data: Json = request.get_json() if request.method in ("POST", "PATCH") else {}
        if len(rest) == 2:
            return self.link(request, rest[1], data)
        if rest:
            found = self.objects.get(kind, {}).get(int(rest[0]))
            if found is None:
                raise NotFound
            found.update(data)
            return found
        if request.method == "POST":
            return self.create(kind, data)
        kind = kind.removeprefix("unified_")  # the list of all that a schedule can start
        return self.page([one for one in self.objects.get(kind, {}).values() if matches(one, request)])

    def link(self, request: Request, link: str, data: Json) -> Json:
        """Read or change what is linked to an object: a list, or one survey."""
        kept = self.links.setdefault(request.path, [])
        if request.method == "POST":
            kept.append(data)
        if link == "survey_spec":
            return dict(kept[-1]) if kept else {}
        return self.page(kept)

    @staticmethod
    def page(rows: list[Any]) -> Json:
        """Return a list as the API does."""
        return {"count": len(rows), "results": rows, "next": None}

    def __call__(self, environ: Any, start: Any) -> Any:
        """Speak WSGI."""
        request = Request(environ)
        try:
            body, status = self.answer(request), 201 if request.method == "POST" else 200
        except NotFound:
            body, status = {"detail": "Not found."}, 404
        if request.method == "POST" and request.path in self.links:
            status = 200 if request.path.endswith("/survey_spec/") else 204
        response = Response("" if status == 204 else json.dumps(body), status, content_type="application/json")
        return response(environ, start)


def matches(one: Json, request: Request) -> bool:
    """Whether an object is one of those that a list request asks for."""
    asked = {key: value for key, value in request.args.items() if key in ("name", "id", "kind")}
    return all(str(one.get(key)) == value for key, value in asked.items())


@contextmanager
def controller(**given: list[str]) -> Iterator[tuple[Controller, str]]:
    """Run one with objects of these names; yield it and its address."""
    app = Controller(**given)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield app, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
