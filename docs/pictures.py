# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the diagrams of the documentation, light and dark in one file. With `--check` it only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import drawsvg

FOLDER = Path(__file__).resolve().parent / "docsite/rst/images"
STYLE = """
.ground{fill:#ffffff}
.box{fill:#f1f4f6;stroke:#607d8b}
.vault{fill:#fff4d6;stroke:#c98a00}
.good{fill:#e4f3e7;stroke:#2e7d32}
.bad{fill:#fde8e6;stroke:#c62828}
.plain{fill:none;stroke:none}
.line{stroke:#607d8b;stroke-width:1.6;fill:none}
.cut{stroke:#c62828;stroke-width:1.4;fill:none}
.tip{fill:#607d8b}
text{font-family:'Segoe UI','Helvetica Neue',Arial,sans-serif;fill:#1f2933}
.small{fill:#4a5560}
.code{font-family:'SFMono-Regular',Menlo,Consolas,monospace}
.red{fill:#b3261e}
@media (prefers-color-scheme:dark){
.ground{fill:#161b22}
.box{fill:#222b35;stroke:#8aa0ad}
.vault{fill:#3a2f12;stroke:#e0a92e}
.good{fill:#173322;stroke:#5bb974}
.bad{fill:#3d1c1a;stroke:#f28b82}
.line{stroke:#8aa0ad}
.cut{stroke:#f28b82}
.tip{fill:#8aa0ad}
text{fill:#e6edf3}
.small{fill:#b3bfc9}
.red{fill:#f28b82}
}
"""


class Box(NamedTuple):
    """A rectangle that arrows begin and end at."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Return its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def at(self, side: str, share: float = 0.5) -> tuple[float, float]:
        """Return a point of a side: ``left``, ``right``, ``top`` or ``bottom``; *share* of the way along it."""
        if side in ("left", "right"):
            return self.x + (self.width if side == "right" else 0), self.y + self.height * share
        return self.x + self.width * share, self.y + (self.height if side == "bottom" else 0)


class Picture:
    """A drawing with boxes, arrows and texts. The colours follow the setting of the reader."""

    def __init__(self, name: str, title: str, width: int, height: int) -> None:
        self.name = name
        self.drawing = drawsvg.Drawing(width, height, id_prefix=f"{name}-", role="img", aria_label=title)
        self.drawing.append_css(STYLE)
        self.drawing.append_title(title)
        self.drawing.append(drawsvg.Rectangle(0, 0, width, height, rx=8, class_="ground"))
        self.tip = drawsvg.Marker(-8, -4, 0, 4, scale=1, orient="auto")
        self.tip.append(drawsvg.Lines(-7, -3, 0, 0, -7, 3, close=True, class_="tip"))
        self.back = drawsvg.Marker(0, -4, 8, 4, scale=1, orient="auto")
        self.back.append(drawsvg.Lines(7, -3, 0, 0, 7, 3, close=True, class_="tip"))

    def text(self, words: str, x: float, y: float, *, size: float = 13, anchor: str = "middle", kind: str = "") -> None:
        """Write lines, of which the first has its base at *y*."""
        for number, line in enumerate(words.split("\n")):
            self.drawing.append(
                drawsvg.Text(line, size, x, y + number * size * 1.3, text_anchor=anchor, class_=kind or "normal")
            )

    def box(
        self, x: float, y: float, width: float, height: float, title: str, more: str = "", *, kind: str = "box"
    ) -> Box:
        """Draw a box with a title and lines below it."""
        self.drawing.append(drawsvg.Rectangle(x, y, width, height, rx=5, class_=kind, stroke_width=1.4))
        lines = more.split("\n") if more else []
        top = y + height / 2 - (len(lines) * 15) / 2 + 5
        self.drawing.append(drawsvg.Text(title, 14, x + width / 2, top, text_anchor="middle", font_weight="600"))
        self.text(more, x + width / 2, top + 17, size=11.5, kind="small")
        return Box(x, y, width, height)

    def arrow(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        words: str = "",
        *,
        dashed: bool = False,
        both: bool = False,
        shift: tuple[float, float] = (0, -6),
        anchor: str = "middle",
    ) -> None:
        """Draw an arrow, with words near its middle."""
        more = {"stroke_dasharray": "5 4"} if dashed else {}
        more |= {"marker_start": self.back} if both else {}
        self.drawing.append(drawsvg.Line(*start, *end, class_="line", marker_end=self.tip, **more))
        if words:
            x, y = (start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1]
            self.text(words, x, y, size=11.5, kind="small", anchor=anchor)

    def svg(self) -> str:
        """Return the file."""
        return str(self.drawing.as_svg()).rstrip("\n") + "\n"


def overview() -> Picture:
    """Return who talks to whom."""
    it = Picture("overview", "What talks to what: AWX, the controller, the vault and the hosts", 860, 430)
    awx = it.box(30, 50, 190, 74, "AWX or AAP", "job templates, schedules,\ncredentials")
    data = it.box(30, 190, 190, 74, "Playbooks, inventory", "what the vault\nshould hold")
    controller = it.box(
        300, 105, 210, 110, "Controller", "ansible-playbook, or an\nexecution environment,\nwith vaultops.pam"
    )
    vault = it.box(650, 105, 180, 110, "Vault", "PAM360 on port 8282,\nor CyberArk (PVWA)", kind="vault")
    hosts = it.box(300, 330, 210, 74, "Hosts", "servers with\nlocal accounts")
    rulebook = it.box(650, 330, 180, 74, "ansible-rulebook", "Event-Driven Ansible")
    it.arrow(awx.at("right"), controller.at("left", 0.3), "starts a job; gives it\nURL and token", shift=(24, -40))
    it.arrow(data.at("right"), controller.at("left", 0.75))
    it.arrow(controller.at("right"), vault.at("left"), "HTTPS", both=True, shift=(0, -8))
    it.text("modules, roles,\nlookup, inventory", 580, 180, size=11.5, kind="small")
    it.arrow(
        controller.at("bottom"),
        hosts.at("top"),
        "SSH: only the roles for local\naccounts, and your own tasks",
        shift=(-10, -2),
        anchor="end",
    )
    it.arrow(
        vault.at("bottom", 0.15),
        hosts.at("right", 0.2),
        "the vault itself,\nif you ask for a reset",
        dashed=True,
        shift=(-8, -14),
        anchor="end",
    )
    it.arrow(vault.at("bottom", 0.6), rulebook.at("top", 0.6), "audit trail", shift=(8, 4), anchor="start")
    return it


def plan() -> Picture:
    """Return the plan and its four readings."""
    it = Picture("plan", "One plan, read four ways", 860, 380)
    wish = it.box(30, 60, 190, 74, "The task", "notes: call 1234\nrecord_cli_sessions: true")
    there = it.box(30, 236, 190, 74, "The vault shows", "notes: call 5678", kind="vault")
    made = it.box(
        300, 118, 220, 134, "The plan", "change notes\n\nverified: notes\nunverified: record_cli_sessions", kind="good"
    )
    it.arrow(wish.at("right"), made.at("left", 0.25))
    it.arrow(there.at("right"), made.at("left", 0.75))
    readings = (
        ("Check mode", "changed: true, and nothing is sent:\nthe transport refuses to write"),
        ("Diff", '- "notes": "call 5678"\n+ "notes": "call 1234"'),
        ("Message", "would change notes of account\n'root' on resource 'db01'"),
        ("Real run", "one write; then the account is read\nand compared again"),
    )
    for number, (title, more) in enumerate(readings):
        one = it.box(590, 16 + number * 90, 244, 76, title, more)
        it.arrow(made.at("right", (number + 1) / 5), one.at("left"))
    return it


def matrix() -> Picture:
    """Return how the role matrix becomes accounts."""
    it = Picture("matrix", "How groups become accounts", 860, 400)
    it.text("declared once, by group", 154, 30, size=12.5, kind="small")
    it.text("hosts of the inventory", 447, 30, size=12.5, kind="small")
    it.text("accounts in the vault", 715, 30, size=12.5, kind="small")
    rows = (
        ("onboard_host_account_defaults", "fills in what is missing"),
        ("group all", "root: local, notes, share Linux Admins"),
        ("group databases", "root: Owner Team Databases\noracle: local, shares"),
        ("onboard_host_accounts of db07", "app-service: a given password"),
    )
    declared = [it.box(16, 48 + n * 86, 276, 68, title, more) for n, (title, more) in enumerate(rows)]
    web = it.box(372, 70, 150, 74, "web01", "in group all")
    db = it.box(372, 236, 150, 74, "db07", "in groups all\nand databases")
    for number, one in enumerate(declared):
        if number < 2:
            it.arrow(one.at("right"), web.at("left", 0.3 + 0.4 * number))
        it.arrow(one.at("right", 0.7), db.at("left", 0.2 + 0.2 * number))
    found = (
        ("root on web01", "local, notes, Linux Admins", web),
        ("root on db07", "local, notes, Linux Admins,\nOwner Team Databases", db),
        ("oracle on db07", "local, shares", db),
        ("app-service on db07", "the given password", db),
    )
    for number, (title, more, host) in enumerate(found):
        one = it.box(590, 48 + number * 86, 250, 68, title, more, kind="vault")
        it.arrow(host.at("right", 0.5 if host is web else 0.25 * number), one.at("left"))
    return it


def rotation() -> Picture:
    """Return the order of a rotation, where a run may die, and what the next run does then."""
    it = Picture("rotation", "The order of a rotation, and what happens when a run dies", 960, 430)
    steps = ("before", "1  pending entry", "2  host", "3  proof", "4  account", "5  clean up")
    below = (
        "",
        "the vault makes\nthe new password",
        "the host gets\nthe new password",
        "a real login\nopens",
        "the account gets\nthe new password",
        "the pending\nentry goes",
    )
    columns = (
        ("old", "old", ""),
        ("old", "old", "new"),
        ("new", "old", "new"),
        ("new", "old", "new"),
        ("new", "new", "new"),
        ("new", "new", ""),
    )
    left, wide = 132, 136
    for row, words in enumerate(("the host has", "the account\nhas", "the pending\nentry has")):
        it.text(words, 112, 134 + row * 56 - 6 * words.count("\n"), size=12.5, anchor="end", kind="small")
    for number, (step, more, values) in enumerate(zip(steps, below, columns, strict=True)):
        middle = left + number * wide + wide / 2
        it.drawing.append(drawsvg.Text(step, 14, middle, 34, text_anchor="middle", font_weight="600"))
        it.text(more, middle, 54, size=11.5, kind="small")
        for row, value in enumerate(values):
            if value:
                kind = "good" if value == "new" else "box"
                it.box(middle - 42, 108 + row * 56, 84, 40, value, kind=kind)
    ends = (
        "Nothing\nhappened.\nThe next run\nbegins anew.",
        "The next run\ngoes on with\nstep 2 and the\nsame password.",
        "The next run\nfinds that the\npending one\nopens: step 4.",
        "The next run\ngoes on with\nstep 4.",
        "The next run\nremoves the\npending entry.",
    )
    for number, end in enumerate(ends):
        x = left + (number + 1) * wide
        it.drawing.append(drawsvg.Line(x, 92, x, 292, class_="cut", stroke_dasharray="4 4"))
        it.drawing.append(drawsvg.Lines(x - 6, 296, x + 6, 308, class_="cut"))
        it.drawing.append(drawsvg.Lines(x - 6, 308, x + 6, 296, class_="cut"))
        it.text(end, x, 330, size=11.5, kind="small")
    it.text("a run dies", 112, 307, size=12.5, anchor="end", kind="red")
    it.text("Wherever a run dies, the vault holds the password that the host has.", 480, 416, size=13)
    return it


def wings() -> Picture:
    """Return the wings of module_utils."""
    it = Picture("wings", "The wings of module_utils; an arrow points to the wing that is imported", 760, 360)
    doctor = it.box(150, 20, 210, 52, "_pam360_doctor", "how one server behaves", kind="vault")
    bulk = it.box(400, 20, 210, 52, "_pam360_bulk", "many objects in one task", kind="vault")
    ansible = it.box(20, 112, 200, 52, "_ansible", "options, masking, the module")
    pam360 = it.box(280, 112, 200, 52, "_pam360", "client, tables, objects", kind="vault")
    cyberark = it.box(540, 112, 200, 52, "_cyberark", "client, tables, objects", kind="vault")
    engine = it.box(130, 206, 210, 52, "_engine", "fields, plan, one object's story")
    http = it.box(420, 206, 210, 52, "_http", "the only wire")
    common = it.box(270, 296, 220, 52, "_common", "errors, secrets, redaction, words")
    it.arrow(doctor.at("bottom"), pam360.at("top", 0.3))
    it.arrow(bulk.at("bottom"), pam360.at("top", 0.7))
    it.arrow(ansible.at("bottom", 0.4), engine.at("top", 0.2))
    it.arrow(ansible.at("bottom", 0.8), http.at("top", 0.15))
    it.arrow(pam360.at("bottom", 0.3), engine.at("top", 0.7))
    it.arrow(pam360.at("bottom", 0.7), http.at("top", 0.4))
    it.arrow(cyberark.at("bottom", 0.3), engine.at("top", 0.95))
    it.arrow(cyberark.at("bottom", 0.7), http.at("top", 0.8))
    it.arrow(engine.at("bottom"), common.at("top", 0.3))
    it.arrow(http.at("bottom"), common.at("top", 0.7))
    return it


def main() -> None:
    """Write all pictures, or say which ones are not up to date."""
    old = []
    for picture in (overview(), plan(), matrix(), rotation(), wings()):
        path, svg = FOLDER / f"{picture.name}.svg", picture.svg()
        if "--check" not in sys.argv:
            path.write_text(svg, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != svg:
            old.append(path.name)
    if old:
        raise SystemExit(f"not what docs/pictures.py draws: {', '.join(old)}. Run: python docs/pictures.py")


if __name__ == "__main__":
    main()
