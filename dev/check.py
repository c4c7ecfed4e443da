"""`make check`: every check, each with its result, all of them even when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

from dev import setup
from dev.places import PREVIEW, PYTHON, ROOT
from dev.temporary import TemporaryServers

_HEADS = """
from alembic.config import Config
from alembic.script import ScriptDirectory
config = Config("migrations/alembic.ini")
config.set_main_option("script_location", "migrations")
heads = ScriptDirectory.from_config(config).get_heads()
raise SystemExit(None if len(heads) == 1 else f"The migrations have {len(heads)} heads: {', '.join(heads)}")
"""


def check() -> int:
    """Run the checks; return 1 if one of them failed."""
    checks: dict[str, Callable[[], bool]] = {
        "format": partial(_python, "-m", "ruff", "format", "--check", "--quiet"),
        "lint": partial(_python, "-m", "ruff", "check", "--quiet"),
        "types": partial(_python, "-m", "mypy"),
        "import rules": partial(_succeeds, [str(PYTHON.parent / "lint-imports"), "--no-logo"]),
        "one migration head": partial(_python, "-c", _HEADS),
        "migrations make the models": _no_drift,
    }
    why_no_preview = setup.why_no_preview()
    if why_no_preview is None:
        setup.install_preview()
        checks["mini-program"] = partial(_npm, "check")
        checks["preview's own tests"] = partial(_npm, "test")
    failed = [name for name, run in checks.items() if not _report(name, run)]
    if why_no_preview:
        print(f"left out: mini-program, since {why_no_preview}", flush=True)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def _report(name: str, run: Callable[[], bool]) -> bool:
    passed = run()
    print(f"{'ok    ' if passed else 'FAILED'} {name}", flush=True)
    return passed


def _python(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    return _succeeds([str(PYTHON), *arguments], environment)


def _npm(script: str) -> bool:
    return _succeeds(["npm", "--prefix", str(PREVIEW), "run", "--silent", script])


def _no_drift() -> bool:
    with TemporaryServers() as servers:
        environment = {
            "BANGFU_ENV": "test",
            "DATABASE_URL": servers.postgres.url,
            "REDIS_URL": servers.valkey.url,
        }
        flask = ("-m", "flask", "--app", "wsgi", "db")
        return _python(*flask, "upgrade", environment=environment) and _python(*flask, "check", environment=environment)


def _succeeds(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a check, showing what it says only if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.stdout.write(done.stdout)
    return done.returncode == 0
