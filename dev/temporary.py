"""A PostgreSQL and a Valkey for one process, such as a pytest run or a benchmark: gone with it, data and all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

from dev.places import LOCAL
from dev.ports import pick
from dev.postgres import Postgres
from dev.valkey import Valkey

_FOLDERS = LOCAL / "temporary"


class TemporaryServers:
    """The pair, started on construction; start it in a thread that lives as long as it is needed."""

    def __init__(self, *, durable: bool = False) -> None:
        _remove_folders_of_the_dead()
        _FOLDERS.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=_FOLDERS))
        self.postgres = Postgres(self.folder / "postgres", pick(), durable)
        self.valkey = Valkey(self.folder / "valkey", pick(), durable)
        self.postgres.prepare()
        self.valkey.prepare()
        with (self.folder / "servers.log").open("wb") as log:
            self._postgres = _start(self.postgres.command(), log.fileno())
            self._valkey = _start(self.valkey.command(), log.fileno())
        self.postgres.wait_until_ready()
        self.valkey.wait_until_ready()

    def stop(self) -> None:
        """End both without ceremony: nothing in them is worth keeping."""
        self._postgres.send_signal(signal.SIGQUIT)
        self._valkey.send_signal(signal.SIGKILL)
        for process in (self._postgres, self._valkey):
            process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> TemporaryServers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _start(command: list[str], log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _remove_folders_of_the_dead() -> None:
    for folder in _FOLDERS.glob("*-*"):
        process = folder.name.partition("-")[0]
        if not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)
