# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running stand-in: the same object for tests in the process and for the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict

import yaml

from standin_core.app import Application
from standin_core.door import Door
from standin_core.faults import Faults
from standin_core.journal import Journal
from standin_core.product import Product
from standin_core.profile import Profile
from standin_core.wire import Certificates, HttpServer, certificates

Seed = Mapping[str, Any] | str | Path | None


def read_seed(seed: Seed) -> dict[str, Any]:
    """Return a seed as a dict; a path is read as YAML (JSON is YAML). Raises ValueError."""
    if seed is None:
        return {}
    given = yaml.safe_load(Path(seed).read_text(encoding="utf-8")) if isinstance(seed, str | Path) else seed
    if not isinstance(given, Mapping):
        raise ValueError("a seed is a mapping")
    return dict(given)


class Options(TypedDict, total=False):
    """How a stand-in is served; BaseStandin describes each."""

    tls: bool
    host: str
    port: int
    control: bool
    faults: Iterable[Mapping[str, Any]]
    ca_dir: str | Path | None
    client_certs: bool


class BaseStandin:
    """A stand-in server as a context manager; the port is open from ``start`` to ``stop``.

    ``url``, ``ca_path`` (None without TLS), ``client_cert_path`` (certificate and key in one
    file, None unless ``client_certs=True``) and ``control`` (None unless ``control=True``) are
    set by ``start``.
    """

    def __init__(
        self,
        product: Product,
        *,
        tls: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
        control: bool = False,
        faults: Iterable[Mapping[str, Any]] = (),
        ca_dir: str | Path | None = None,
        client_certs: bool = False,
    ) -> None:
        self.product = product
        self.journal = Journal()
        self.faults = Faults(faults)
        self.url = ""
        self.ca_path: str | None = None
        self.client_cert_path: str | None = None
        self._door = Door(product, self.journal, self.faults)
        self._door_open = control
        self._application = Application(product, self.journal, self.faults, self._door if control else None)
        self._tls, self._client_certs, self._host, self._port = tls or client_certs, client_certs, host, port
        self._ca_dir = Path(ca_dir) if ca_dir is not None else None
        self._open = contextlib.ExitStack()

    @property
    def profile(self) -> Profile:
        """Return the profile; ``profile["name"] = "value"`` takes effect at once."""
        return self.product.profile

    @property
    def control(self) -> str | None:
        """Return the URL of the control door, None if it is shut."""
        return self.url + self._door.path if self._door_open else None

    def start(self) -> Self:
        """Open the port; returns when the server answers. Raises OSError if it is taken."""
        files: Certificates | None = None
        self._application.stopping.clear()
        if self._tls:
            files = self._open.enter_context(certificates(self._host, self._ca_dir))
            self.ca_path = str(files.ca)
            self.client_cert_path = str(files.client) if self._client_certs else None
        try:
            server = HttpServer(self._application, self._host, self._port, files, self._client_certs)
        except BaseException:
            self._open.close()
            raise
        self._open.callback(server.stop)
        self._open.callback(self._application.stopping.set)
        self.url = server.url
        return self

    def stop(self) -> None:
        """Close the port and remove the certificates."""
        self._open.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def reset(self) -> None:
        """Return to the start: state, profiles; no faults, empty journal."""
        self._door.post_reset(None)

    def change(self, **edit: Any) -> None:
        """Change the state behind the client's back, like POST {control}/change."""
        self.product.change(edit)

    def dump(self) -> dict[str, Any]:
        """Return everything the stand-in knows, like GET {control}/state."""
        return self.product.snapshot()

    def describe(self) -> dict[str, str]:
        """Return the second line of the command line's output."""
        known = {
            "url": self.url,
            "ca_path": self.ca_path,
            "client_cert_path": self.client_cert_path,
            "control": self.control,
            **self.product.credentials(),
        }
        return {name: value for name, value in known.items() if value}
