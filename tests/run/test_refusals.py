"""What stands in the way of the two commands is said in one plain sentence, before anything is installed."""

from __future__ import annotations

import errno
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dev import lock, setup
from dev.ports import Ports, pick
from dev.refusal import Refusal, in_a_sentence
from tests.run.conftest import Make


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line before make's own word that a goal failed."""
    assert done.returncode != 0
    assert done.stdout == ""
    sentence, makes_own = done.stderr.strip().splitlines()
    assert makes_own.startswith("make: *** ")
    return sentence


def test_a_busy_port_is_named_with_the_way_to_choose_another(make: Make, copy: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = make("run", PORT=str(port), PREVIEW_PORT=str(pick()), WECHAT_PORT=str(pick()))

    assert sentence_of(done) == (
        f"Port {port} is in use by another program: stop that one, "
        f"or choose another port, such as `PORT={port + 100} make run`."
    )
    assert not (copy / ".venv").exists()


def test_a_port_that_is_none_is_refused(make: Make) -> None:
    assert sentence_of(make("run", PORT="８000")) == "PORT must be a port between 1 and 65535, not '８000'."


def test_two_addresses_on_one_port_are_refused() -> None:
    with pytest.raises(Refusal, match="must differ"):
        Ports.from_environment({"PORT": "8001"})


def test_a_missing_tool_is_named_with_the_package_that_has_it(make: Make, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("make", "sh", "bash", "sed"):
        (tools / name).symlink_to(shutil.which(name) or name)

    done = make("test", PATH=str(tools), PYTHON=sys.executable)

    assert sentence_of(done) == ("The program setpriv is missing: run `apt-get install util-linux` and start again.")


@pytest.mark.parametrize("python", ["/bin/false", "no-such-python"])
def test_an_unsuitable_python_is_refused(make: Make, python: str) -> None:
    assert sentence_of(make("run", PYTHON=python)).startswith("Python 3.11 or newer is missing: run `apt-get")


def test_an_incomplete_python_is_refused(make: Make, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")

    done = make("setup", PYTHONPATH=str(tmp_path))

    assert re.fullmatch(
        r"Python's venv module is incomplete: run `apt-get install python3\.\d+-venv` and start again\.",
        sentence_of(done),
    )


def test_a_full_disk_is_said_with_what_is_missing() -> None:
    with pytest.raises(Refusal, match=r"is full: \d+ MB are free, 1000000000 MB are needed\."):
        setup.refuse_full_disk(1_000_000_000)


def test_a_disk_that_fills_up_later_is_said_too() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/data")

    assert str(in_a_sentence(error)) == "The disk is full at /data: free some space and start again."


def test_a_second_run_of_one_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock, "LOCAL", tmp_path)
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0)

    with lock.only_run(), pytest.raises(Refusal, match="runs already from this folder"), lock.only_run():
        pass
