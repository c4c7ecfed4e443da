"""Copies of the project, so that what these tests start and end is never a developer's own run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dev.places import ROOT

Make = Callable[..., "subprocess.CompletedProcess[str]"]


def outside_of_make(**changes: str) -> dict[str, str]:
    """Return the environment as a terminal has it, though these tests may themselves run under `make`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return {**inherited, **changes}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with what the two commands consist of, and nothing installed."""
    folder = tmp_path / "bangfu"
    shutil.copytree(ROOT / "dev", folder / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def make(copy: Path) -> Make:
    """Return what runs a goal in the copy, with changes to the environment."""

    def run(goal: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", goal],
            cwd=copy,
            env=outside_of_make(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
