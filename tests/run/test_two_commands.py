"""`make run` as a newcomer knows it: a fresh clone, everything up, killed, started again, its data still there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import requests

from dev.places import ROOT
from dev.ports import pick
from tests.run.conftest import outside_of_make

pytestmark = pytest.mark.slow

INSTALLING_SECONDS = 1500.0


class Checkout:
    """A fresh clone, and `make run` in it."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        self.folder = folder
        self.ports = {name: str(pick()) for name in ("PORT", "PREVIEW_PORT", "WECHAT_PORT")}
        self._log = folder.parent / "make-run.log"
        self._make: subprocess.Popen[bytes] | None = None

    @property
    def words(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.ports['PORT']}"

    @property
    def database(self) -> str:
        (port,) = re.findall(r"listening on IPv4 address \"127.0.0.1\", port (\d+)", self.words)[-1:]
        return f"postgresql://bangfu@127.0.0.1:{port}/bangfu"

    def start(self) -> str:
        """Run `make run` until its closing line; return that."""
        self.wait()
        own_servers = {"DATABASE_URL": "", "REDIS_URL": "", "WECHAT_API_URL": ""}
        with self._log.open("wb") as log:
            self._make = subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=outside_of_make(**own_servers, **self.ports),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # as a terminal's foreground job
            )
        self.wait_for(lambda: "Ready." in self.words)
        return next(line for line in self.words.splitlines() if "Ready." in line)

    def wait_for(self, reached: Callable[[], bool]) -> None:
        """Return once it is so; show the log if it never is, or if `make run` gave up."""
        deadline = time.monotonic() + INSTALLING_SECONDS
        while not reached():
            assert self._make
            assert self._make.poll() is None, self.words
            assert time.monotonic() < deadline, self.words
            time.sleep(0.1)

    def press_control_c(self) -> None:
        """Do what the terminal does: interrupt everything in the foreground."""
        assert self._make
        os.killpg(self._make.pid, signal.SIGINT)
        self.wait()

    def wait(self) -> None:
        """Return once `make run` has ended, if it was started."""
        if self._make:
            self._make.wait(timeout=60)

    def process(self, words: str) -> int:
        """Return the process of this checkout whose command has these words, the eldest if there are more."""
        return min(number for number, command in self.processes().items() if words in command)

    def wait_for_successor(self, killed: int, words: str) -> None:
        """Return once another process has taken the place of the one that was killed."""
        self.wait_for(lambda: killed not in self.processes() and words in " ".join(self.processes().values()))

    def processes(self) -> dict[int, str]:
        """Return the processes that are there and run in this checkout."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                mark = f"BANGFU_RUN_OF={self.folder}".encode()
                belongs = mark in (entry / "environ").read_bytes() or (entry / "cwd").resolve() == self.folder
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if belongs and command:
                found[int(entry.name)] = command
        return found

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.web}/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("fresh") / "clone")
    yield checkout
    for number in checkout.processes():
        os.kill(number, signal.SIGKILL)
    checkout.wait()


def test_a_clone_runs_and_survives_what_kills_it(checkout: Checkout) -> None:
    closing_line = checkout.start()

    assert f"{checkout.web}/console" in closing_line
    assert f"http://127.0.0.1:{checkout.ports['PREVIEW_PORT']}" in closing_line
    assert requests.get(f"http://127.0.0.1:{checkout.ports['PREVIEW_PORT']}/", timeout=10).ok
    people = count_people(checkout)
    with psycopg.connect(checkout.database) as connection:
        connection.execute("CREATE TABLE kept (words text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")

    for words in ("granian", "flask --app wsgi worker", "valkey-server", "postgres -D"):
        killed = checkout.process(words)
        os.kill(killed, signal.SIGKILL)
        checkout.wait_for_successor(killed, words)
        checkout.wait_for(checkout.is_ready)

    os.kill(checkout.process("python -m dev run"), signal.SIGKILL)
    checkout.start()

    with psycopg.connect(checkout.database) as connection:
        assert connection.execute("SELECT words FROM kept").fetchone() == ("still here",)
    assert count_people(checkout) == people
    assert "Installing" not in checkout.words

    checkout.press_control_c()

    assert "The data stays in .local." in checkout.words
    assert checkout.processes() == {}


def count_people(checkout: Checkout) -> int:
    """Return how many people the demo data has brought."""
    with psycopg.connect(checkout.database) as connection:
        row = connection.execute("SELECT count(*) FROM people").fetchone()
    assert row is not None
    assert row[0] > 0
    return int(row[0])
