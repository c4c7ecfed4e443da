"""One PostgreSQL and one Valkey for a whole pytest run, shared by its workers, gone with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.places import LOCAL
from dev.ports import pick
from dev.postgres import Postgres
from dev.valkey import Valkey

_TOLD_TO_WORKERS = "BANGFU_TEST_SERVERS"
_RUNS = LOCAL / "test"


@dataclass(frozen=True)
class Addresses:
    """Where this run's servers are, and its folder for what its workers share."""

    postgres_port: int
    valkey_port: int
    folder: str

    @property
    def postgres(self) -> Postgres:
        return Postgres(Path(self.folder) / "postgres", self.postgres_port, durable=False)

    @property
    def valkey(self) -> Valkey:
        return Valkey(Path(self.folder) / "valkey", self.valkey_port, durable=False)


class Servers:
    """The pair of servers, owned by the process that started pytest."""

    def __init__(self) -> None:
        _remove_folders_of_dead_runs()
        _RUNS.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=_RUNS)
        self.addresses = Addresses(pick(), pick(), folder)
        self._log = (Path(folder) / "servers.log").open("wb")
        postgres, valkey = self.addresses.postgres, self.addresses.valkey
        postgres.prepare()
        valkey.prepare()
        self._processes = [self._start(postgres.command()), self._start(valkey.command())]
        postgres.wait_until_ready()
        valkey.wait_until_ready()
        os.environ[_TOLD_TO_WORKERS] = json.dumps(asdict(self.addresses))

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    def stop(self) -> None:
        """End both without ceremony: nothing in them is worth keeping."""
        del os.environ[_TOLD_TO_WORKERS]
        for process in self._processes:
            process.send_signal(signal.SIGQUIT if process is self._processes[0] else signal.SIGTERM)
        for process in self._processes:
            process.wait(timeout=20)
        self._log.close()
        shutil.rmtree(self.addresses.folder, ignore_errors=True)


def told_by_the_controller() -> Addresses | None:
    """Return the addresses that the process which started pytest passed on, if it has."""
    text = os.environ.get(_TOLD_TO_WORKERS)
    return Addresses(**json.loads(text)) if text else None


def _remove_folders_of_dead_runs() -> None:
    for folder in _RUNS.glob("*-*"):
        process = folder.name.partition("-")[0]
        if not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)
