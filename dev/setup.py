"""Makes a checkout ready: the virtual environment, the preview's packages, the browser of the tests.

Runs under the system's Python before anything is installed, so it uses nothing but the standard library.
What is installed already is known by a stamp, the hash of what it was installed from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.lock import only_setup
from dev.places import LOCAL, PREVIEW, PYTHON, ROOT, VENV
from dev.refusal import Refusal

_REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
_TOOLS = {"setpriv": "util-linux", "bash": "bash", "sed": "sed"}
_OLDEST_NODE = 20
_ROOM_TO_INSTALL = 1500  # MB: the virtual environment has about 900, the preview about 100
_ROOM_TO_RUN = 200
_BROWSER = Path("/usr/bin/chromium")
_CHINESE_FONTS = Path("/usr/share/fonts/opentype/noto")
_APT = ("chromium", "fonts-noto-cjk")
_AT_MOST_SECONDS = 1800


def refuse_missing_tools() -> None:
    """Raise a Refusal that names the first program which starting processes needs and this machine lacks."""
    for tool, package in _TOOLS.items():
        if shutil.which(tool) is None:
            raise Refusal(f"The program {tool} is missing: run `apt-get install {package}` and start again.")


def install_packages() -> None:
    """Make `.venv` and install what is pinned, unless that has been done."""
    with only_setup():
        stamp = VENV / ".installed"
        wanted = _hash(*_REQUIREMENTS, also=f"{VENV} {sys.version_info[:2]}")
        if _is_usable(PYTHON) and _reads(stamp, wanted):
            refuse_full_disk(_ROOM_TO_RUN)
            return
        refuse_full_disk(_ROOM_TO_INSTALL)
        if not _is_usable(PYTHON):
            _make_venv()
        print("Installing the Python packages (a minute or two, this once) …", flush=True)
        options = [part for path in _REQUIREMENTS for part in ("-r", str(path))]
        _quietly(
            [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *options],
            "pip",
            "Installing the Python packages failed",
        )
        stamp.write_text(wanted)


def why_no_preview() -> str | None:
    """Return why the mini-program's preview cannot run here, if it cannot."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return f"Node {_OLDEST_NODE} with npm is not installed"
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = said.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < _OLDEST_NODE:
        return f"Node {said or 'without a version'} is older than {_OLDEST_NODE}"
    return None


def install_preview() -> None:
    """Install the preview's npm packages, unless that has been done."""
    with only_setup():
        modules = PREVIEW / "node_modules"
        wanted = _hash(PREVIEW / "package-lock.json")
        if _reads(modules / ".installed", wanted):
            return
        print("Installing the preview's packages …", flush=True)
        _quietly(
            ["npm", "--prefix", str(PREVIEW), "ci", "--no-audit", "--no-fund"],
            "npm",
            "Installing the preview's packages failed",
        )
        (modules / ".installed").write_text(wanted)


def install_browser() -> None:
    """Make sure that Debian's Chromium and Chinese fonts are there.

    Raises:
        Refusal: they are not, and this user may not install them.
    """
    if _BROWSER.exists() and any(_CHINESE_FONTS.glob("NotoSansCJK*")):
        return
    line = f"apt-get update && apt-get install -y {' '.join(_APT)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Refusal(f"The tests need a browser and Chinese fonts: run `sudo sh -c '{line}'` and start again.")
    print("Installing Chromium and Chinese fonts (once) …", flush=True)
    update = subprocess.run(["apt-get", "update"], capture_output=True, check=False)
    if update.returncode != 0:
        _quietly(["apt-get", "update"], "apt", "`apt-get update` failed")
    _quietly(
        ["apt-get", "install", "--yes", "--no-install-recommends", *_APT],
        "apt",
        "Installing Chromium and Chinese fonts failed",
    )


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Refusal(
            f"Python's venv module is incomplete: run `apt-get install python{version}-venv` and start again."
        ) from None
    shutil.rmtree(VENV, ignore_errors=True)
    print("Making the virtual environment .venv …", flush=True)
    _quietly([sys.executable, "-m", "venv", str(VENV)], "venv", "Making the virtual environment failed")


def _is_usable(python: Path) -> bool:
    """A venv that was moved, or whose Python is gone, is not."""
    code = "import pip, sys; print(sys.prefix)"
    try:
        done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == str(VENV)


def _quietly(command: list[str], name: str, failure: str) -> None:
    """Run a command with its words in a log, and make a sentence of its last ones if it fails."""
    log = LOCAL / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            check=False,
            timeout=_AT_MOST_SECONDS,
        )
    if done.returncode == 0:
        return
    said = log.read_text(errors="replace")
    if "No space left on device" in said or "ENOSPC" in said:
        raise Refusal(f"{failure} because the disk is full: free some space and start again.")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or line.startswith("E:")] or lines
    raise Refusal(f"{failure}: {telling[-1] if telling else 'it said nothing'} (all of it: {log}).")


def refuse_full_disk(needed_mb: int) -> None:
    """Raise a Refusal if the disk of this checkout has less room than is needed."""
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    if free_mb < needed_mb:
        raise Refusal(f"The disk of {ROOT} is full: {free_mb} MB are free, {needed_mb} MB are needed.")


def _hash(*files: Path, also: str = "") -> str:
    digest = hashlib.sha256(also.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _reads(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text() == wanted
    except OSError:
        return False
