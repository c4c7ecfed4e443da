"""How a child process is started: it dies with its parent, and PostgreSQL never runs as root."""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def tied(command: list[str], signal: str = "TERM") -> list[str]:
    """Return the command in a form that the kernel ends when its parent is gone, even by kill -9.

    The tie is to the thread that forks: start such children from a thread that lives as long as they should.
    A change of user cuts it, so it goes inside of `unprivileged`, not around.
    """
    return ["setpriv", f"--pdeathsig={signal}", *command]


def unprivileged(directory: Path, command: list[str]) -> list[str]:
    """Return the command in a form that does not run as root, for a server that refuses to.

    As root it runs as the owner of the directory, and keeps one capability: to pass through folders that only
    root may enter, since a clone may well be in /root. PostgreSQL also asks access(2), which ignores
    capabilities of another user unless the secure bit says otherwise.
    """
    if os.geteuid() != 0:
        return command
    owner = directory.stat()
    return [
        "setpriv",
        f"--reuid={owner.st_uid}",
        f"--regid={owner.st_gid}",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "--bounding-set=-all,+dac_override",
        "--securebits=+no_setuid_fixup",
        *command,
    ]


def give_away(directory: Path) -> None:
    """Make a new directory one that an unprivileged server owns."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(directory, nobody.pw_uid, nobody.pw_gid)
