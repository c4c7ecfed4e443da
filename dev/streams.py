"""The processes' words on one terminal: each line with the name of who said it."""

from __future__ import annotations

_WIDTH = 10
# Not circus's own streams: it closes a dead process's pipes behind its event loop's back, which then
# trips over the next process that gets the same file descriptor, and restarts nothing any more.
_LABEL = 'label=$1; shift; exec "$@" > >(exec sed --unbuffered "s/^/$label/") 2>&1'


def labelled(name: str, command: list[str]) -> list[str]:
    """Return the command in a form that puts the name before each line; its process is the command's own."""
    return ["/bin/bash", "-c", _LABEL, "bash", _label(name), *command]


def say(text: str) -> None:
    """Print one line of our own; a closed terminal is no reason to stop."""
    try:
        print(f"{_label('bangfu')}{text}", flush=True)
    except OSError:
        return


def _label(name: str) -> str:
    return f"{name:<{_WIDTH}}| "
