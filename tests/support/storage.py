"""Storages that tests put files in: a folder, and a bucket on a server that speaks S3."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from backend.config import S3Access
from backend.foundation.storage import Storage
from dev.places import PYTHON
from dev.ports import pick
from dev.privileges import tied

BUCKET = "bangfu"
_PATIENCE_SECONDS = 20.0


@contextmanager
def served_bucket(folder: Path) -> Iterator[Storage]:
    """Serve a folder as a bucket, by a process that checks signatures; it ends with the block."""
    (folder / BUCKET).mkdir(parents=True)
    port = pick()
    command = [str(PYTHON.parent / "rclone"), "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"]
    access = S3Access(endpoint=f"http://127.0.0.1:{port}", access_key="theKey", secret_key="theSecret")
    process = subprocess.Popen(
        tied([*command, "--auth-key", f"{access.access_key},{access.secret_key}", "--config", str(folder / "none")]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(access.endpoint)
        yield Storage(f"s3://{BUCKET}/of/this-hospital", access)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(requests.ConnectionError):
            requests.get(address, timeout=1)
            return
        time.sleep(0.02)
    raise RuntimeError("the bucket is not served")
