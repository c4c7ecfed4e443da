"""The one kind of error that a person at the terminal is meant to read."""

from __future__ import annotations

import errno


class Refusal(Exception):
    """One plain sentence: what stands in the way, and what to do."""


def in_a_sentence(error: OSError) -> Refusal:
    """Say an operating-system error as a sentence."""
    where = f" at {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(f"The disk is full{where}: free some space and start again.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return Refusal(f"Permission was refused{where}: run this as the user whom the folder belongs to.")
    return Refusal(f"The system refused{where}: {error.strerror or error}.")
