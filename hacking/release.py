# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artifact and its papers: built to the same bytes from the same commit, checked, described, signed, tagged."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import nox
import yaml
from workshop import COLLECTION, LOG, ROOT, WORK, die, output, say

GALAXY = ROOT / "galaxy.yml"
DIST = WORK / "dist"
# What users need, and nothing else.
WANTED = re.compile(
    r"(MANIFEST|FILES)\.json|[A-Z_]+(\.md)?|LICENSES/.*|REUSE\.toml|(extensions|meta|playbooks|plugins|roles|schemas)/.*"
    r"|docs/(overview\.md|docsite/.*)|changelogs/changelog\.yaml|tests/config\.yml"
)
NOT_WANTED = re.compile(r"\.(png|svg|py[co])$|/images/")


def version() -> str:
    """Return the version of the collection. It stands in galaxy.yml and nowhere else."""
    return str(yaml.safe_load(GALAXY.read_text(encoding="utf-8"))["version"])


def epoch() -> int:
    """Return the time that the files of the artifact bear: SOURCE_DATE_EPOCH, or that of the commit."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "-C", ROOT, "log", "-1", "--format=%ct") or 0)


def normalise(artifact: Path) -> None:
    """Write an artifact anew so that only its content decides its bytes: order, times, owners and modes are fixed."""
    with tarfile.open(artifact) as packed:
        content = {member.name: packed.extractfile(member) for member in packed.getmembers()}
        texts = {name: stream.read() if stream else None for name, stream in content.items()}
    listed = json.loads(texts["FILES.json"] or b"")
    listed["files"].sort(key=lambda entry: str(entry["name"]))
    texts["FILES.json"] = json.dumps(listed, indent=1, sort_keys=True).encode()
    manifest = json.loads(texts["MANIFEST.json"] or b"")
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(texts["FILES.json"]).hexdigest()
    texts["MANIFEST.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    programs = {name for name in texts if os.access(ROOT / name, os.X_OK)}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for name in sorted(texts, key=lambda name: (name not in {"MANIFEST.json", "FILES.json"}, name)):
            member, text = tarfile.TarInfo(name), texts[name]
            member.mtime, member.mode = epoch(), 0o755 if text is None or name in programs else 0o644
            member.type, member.size = (tarfile.DIRTYPE, 0) if text is None else (tarfile.REGTYPE, len(text))
            packed.addfile(member, io.BytesIO(text or b""))
    artifact.write_bytes(gzip.compress(buffer.getvalue(), mtime=epoch()))


def build(session: nox.Session, copy: Path) -> Path:
    """Build the artifact in .work/dist; only what users need is in it."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    with session.chdir(copy):
        session.run("ansible-galaxy", "collection", "build", "--force", "--output-path", str(DIST), silent=True)
    artifact = next(DIST.glob(f"{COLLECTION.replace('.', '-')}-*.tar.gz"))
    normalise(artifact)
    with tarfile.open(artifact) as packed:
        names = [member.name for member in packed.getmembers() if member.isfile()]
    unwanted = [name for name in names if not WANTED.fullmatch(name) or NOT_WANTED.search(name)]
    if unwanted:
        die(f"in the artifact, but not for users: {unwanted}")
    print(f"{artifact.name}: {len(names)} files, {artifact.stat().st_size // 1024} KiB")
    return artifact


def check_import(session: nox.Session, artifact: Path) -> None:
    """Let galaxy-importer read the artifact, as Galaxy does on upload; a warning is a failure."""
    say("galaxy-importer")
    # Outside of the checkout, whose settings of ansible-lint Galaxy does not see.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, (LOG / "importer.log").open("w") as log:
        shutil.copy(artifact, folder)
        importer = ("python", "-m", "galaxy_importer.main", artifact.name)
        with session.chdir(folder):
            session.run(*importer, stdout=log, stderr=log, success_codes=range(256), env={"TMPDIR": folder})
    text = (LOG / "importer.log").read_text(encoding="utf-8")
    bad = re.findall(r"^.*\b(?:WARNING|ERROR|CRITICAL)\b.*$|^Traceback.*$", text, re.MULTILINE)
    if bad or "Importer processing completed successfully" not in text:
        die("\n".join(["galaxy-importer:", *bad, "" if bad else text[-2000:]]))
    print("galaxy-importer: no warning")


def check_installed(session: nox.Session, core: Path, artifact: Path, standin: dict[str, str]) -> None:
    """Install the artifact where nothing else is; every plugin has documentation, and a module works."""
    say("install, ansible-doc, a module by its full name")
    place = WORK / "tmp" / "installed"
    shutil.rmtree(place, ignore_errors=True)
    env = {"ANSIBLE_COLLECTIONS_PATH": str(place), "PYTHONPATH": None, "PATH": f"{core}:{os.environ['PATH']}"}
    with session.chdir(WORK / "tmp"):
        galaxy = (core / "ansible-galaxy", "collection")
        session.run(*galaxy, "install", "--offline", artifact, "-p", place, silent=True, external=True, env=env)
        session.run(*galaxy, "verify", "--offline", COLLECTION, silent=True, external=True, env=env)
        for kind in ("module", "lookup", "filter", "vars", "inventory"):
            found = (ROOT / "plugins" / ("modules" if kind == "module" else kind)).glob("[a-z]*.py")
            names = sorted(f"{COLLECTION}.{path.stem}" for path in found)
            if names:
                asked = (core / "ansible-doc", "-t", kind, "--json", *names)
                said = session.run(*asked, silent=True, external=True, env=env, stderr=subprocess.DEVNULL)
                entries = json.loads(str(said)).items()
                known = [name for name, entry in entries if entry.get("doc", {}).get("short_description")]
                if sorted(known) != names:
                    die(f"ansible-doc does not know {sorted(set(names) - set(known))}")
                print(f"ansible-doc: {len(names)} of type {kind}")
        given = {key: standin[key] for key in ("url", "token", "ca_path")}
        arguments = json.dumps({**given, "name": "no such host", "state": "absent"})
        # `python` by PATH: an older Ansible cannot take an interpreter with a space in its path.
        local = ("localhost", "-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=python")
        call = (core / "ansible", *local, "-m", f"{COLLECTION}.pam360_resource", "-a", arguments)
        if "SUCCESS" not in str(session.run(*call, silent=True, external=True, env=env)):
            die("the installed module did not answer")
    shutil.rmtree(place)
    print("pam360_resource: called")


def check_standins(session: nox.Session, copy: Path) -> None:
    """Build the wheel of the stand-in servers; they run from an environment that holds nothing else."""
    say("wheel of the stand-in servers")
    empty = WORK / "tmp" / "empty"
    wheel = ("pip", "wheel", "-qq", "--no-deps", "--wheel-dir", str(DIST), str(copy / "tests/standin"))
    session.run(*wheel, env={"SOURCE_DATE_EPOCH": str(epoch())})
    session.run("python", "-m", "venv", "--clear", str(empty))
    session.run(str(empty / "bin/pip"), "install", "-qq", *map(str, DIST.glob("vault_standins-*.whl")), external=True)
    for name in ("pam360", "pvwa"):
        said = session.run(str(empty / f"bin/{name}-standin"), "--help", silent=True, external=True)
        if "profiles:" not in str(said):
            die(f"{name}-standin does not run")
        print(f"{name}-standin: runs from the wheel")
    shutil.rmtree(empty)


# --- its papers --------------------------------------------------------------


def describe(session: nox.Session, artifact: Path) -> None:
    """Write what the artifact needs (CycloneDX), and the checksums of all that is in the folder."""
    sbom = artifact.with_name(artifact.name.replace(".tar.gz", ".cdx.json"))
    form = ("--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON", "--output-file", str(sbom))
    session.run("cyclonedx-py", "requirements", str(ROOT / "meta/ee-requirements.txt"), *form)
    found: dict[str, Any] = json.loads(sbom.read_text(encoding="utf-8"))
    found["metadata"]["component"] = {
        "type": "library",
        "bom-ref": COLLECTION,
        "name": COLLECTION,
        "version": version(),
        "purl": f"pkg:generic/{COLLECTION}@{version()}",
        "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(artifact.read_bytes()).hexdigest()}],
    }
    needed = sorted(component["bom-ref"] for component in found.get("components", []))
    found["dependencies"] = [{"ref": COLLECTION, "dependsOn": needed}, *({"ref": name} for name in needed)]
    sbom.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    papers = sorted(path for path in DIST.iterdir() if path.suffix in {".gz", ".whl", ".json"})
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in papers]
    (DIST / "SHA256SUMS").write_text("".join(lines))
    print("".join(lines), end="")


# --- a release ---------------------------------------------------------------


def git(*arguments: str) -> str:
    """Return what git says; end if it fails."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], text=True, stdout=subprocess.PIPE, check=False)
    return done.stdout.strip() if done.returncode == 0 else die(f"git {arguments[0]}")


def released() -> list[str]:
    """Return the versions that the change log holds."""
    path = ROOT / "changelogs" / "changelog.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["releases"]) if path.exists() else []


def prepare(session: nox.Session, core: Path, wanted: str) -> None:
    """Put the version into galaxy.yml, the fragments into the change log, both into a commit, unless that was done."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", wanted):
        die("which version? make release VERSION=x.y.z")
    if git("status", "--porcelain"):
        die("there are changes that are in no commit")
    if wanted not in released():
        if git("tag", "--list", wanted):
            die(f"the tag {wanted} is there, but the change log does not know it")
        text = GALAXY.read_text(encoding="utf-8")
        GALAXY.write_text(re.sub(r"(?m)^version: .*$", f"version: {wanted}", text), encoding="utf-8")
        env = {"PATH": f"{core}:{os.environ['PATH']}"}
        changelog = (core / "antsibull-changelog", "release", "--version", wanted)
        session.run(*changelog, "--reload-plugins", external=True, env=env)
        git("add", "--all")
        git("commit", "--quiet", "--message", f"Release {wanted}")
    if version() != wanted:
        die(f"galaxy.yml says {version()}")


def finish(session: nox.Session, core: Path) -> None:
    """Add the release notes, sign, and tag what is not tagged yet."""
    artifact = next(DIST.glob("*.tar.gz"))
    notes = ("--only-latest", "--output", str(DIST / "RELEASE_NOTES.md"), "--output-format", "md")
    session.run(core / "antsibull-changelog", "generate", *notes, version(), external=True)
    key = os.environ.get("RELEASE_KEY") or output("git", "-C", ROOT, "config", "user.signingkey").strip()
    if key:
        sign(session, core, artifact, key)
    else:
        print("not signed: no key in RELEASE_KEY or in git's user.signingkey")
    if version() not in [git("tag", "--list", version()), os.environ.get("GITHUB_REF_NAME")]:
        how = ("--sign", "--local-user", key) if key else ("--annotate",)
        git("tag", *how, "--message", f"Release {version()}", version())
    print(f"\n{version()} is ready in .work/dist. To publish it: git push origin HEAD:main {version()}")


def sign(session: nox.Session, core: Path, artifact: Path, key: str) -> None:
    """Sign the manifest in the artifact, which ansible-galaxy checks, and the checksums; check both as a user would."""
    gpg = ("gpg", "--batch", "--yes")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(artifact) as packed:
            packed.extract("MANIFEST.json", folder, filter="data")
        signature = artifact.with_name(artifact.name.replace(".tar.gz", ".MANIFEST.json.asc"))
        for path, target in (
            (Path(folder, "MANIFEST.json"), signature),
            (DIST / "SHA256SUMS", DIST / "SHA256SUMS.asc"),
        ):
            by = ("--local-user", key, "--armor", "--detach-sign", "--output", str(target), str(path))
            subprocess.run([*gpg, *by], check=True)
        keyring = Path(folder, "keyring.kbx")
        public = subprocess.run([*gpg, "--export", key], check=True, stdout=subprocess.PIPE).stdout
        subprocess.run([*gpg, "--no-default-keyring", "--keyring", str(keyring), "--import"], input=public, check=True)
        verify(session, core, artifact, signature, keyring)


def verify(session: nox.Session, core: Path, artifact: Path, signature: Path, keyring: Path) -> None:
    """Check the signature of the installed collection as a user would; that of another text must be refused.

    ``install --signature`` of a file ends with a traceback in ansible-core 2.21 and 2.22; ``verify`` works.
    """
    with tempfile.TemporaryDirectory() as place:
        env = {"ANSIBLE_COLLECTIONS_PATH": place, "PYTHONPATH": None}
        galaxy = (core / "ansible-galaxy", "collection")
        session.run(*galaxy, "install", "--offline", artifact, "-p", place, silent=True, external=True, env=env)
        check = (*galaxy, "verify", "--offline", COLLECTION, "--keyring", keyring, "--signature")
        session.run(*check, f"file://{signature}", external=True, env=env)
        other = (*check, f"file://{DIST}/SHA256SUMS.asc")
        foreign = session.run(*other, silent=True, external=True, env=env, success_codes=range(256))
        if "Signature verification failed" not in str(foreign):
            die("ansible-galaxy takes a signature of another text")
    print("signature: checked by ansible-galaxy, another one refused")
