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
        self._postgres = self._start(self.postgres.command())
        self._valkey = self._start(self.valkey.command())
        self.postgres.wait_until_ready()
        self.valkey.wait_until_ready()

    def restart_postgres(self) -> None:
        """Cut every connection, and come back with what was committed."""
        self._postgres.send_signal(signal.SIGINT)
        self._postgres.wait(timeout=20)
        self._postgres = self._start(self.postgres.command())
        self.postgres.wait_until_ready()

    def restart_valkey(self) -> None:
        """Cut every connection, and come back with what was kept."""
        self._valkey.send_signal(signal.SIGTERM)
        self._valkey.wait(timeout=20)
        self._valkey = self._start(self.valkey.command())
        self.valkey.wait_until_ready()

    def stop(self) -> None:
        """End both without ceremony: nothing in them is worth keeping."""
        self._postgres.send_signal(signal.SIGQUIT)
        self._valkey.send_signal(signal.SIGKILL)
        for process in (self._postgres, self._valkey):
            process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "servers.log").open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def __enter__(self) -> TemporaryServers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _remove_folders_of_the_dead() -> None:
    for folder in _FOLDERS.glob("*-*"):
        process = folder.name.partition("-")[0]
        if not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)
