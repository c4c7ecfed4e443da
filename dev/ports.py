"""Loopback ports: is one free, pick one, and the sentence for one that is not."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from dev.refusal import Refusal

# Below the range from which the kernel takes ports for outgoing connections, so that a server which the
# supervisor restarts finds its port still free.
_PICK_FROM = range(20000, 32000)


@dataclass(frozen=True)
class Ports:
    """The addresses that a developer opens."""

    web: int
    preview: int
    wechat: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Ports:
        """Read PORT, PREVIEW_PORT and WECHAT_PORT.

        Raises:
            Refusal: one of them is not a port, or two are the same.
        """
        ports = cls(
            web=_port(environ, "PORT", 8000),
            preview=_port(environ, "PREVIEW_PORT", 8001),
            wechat=_port(environ, "WECHAT_PORT", 8002),
        )
        if len({ports.web, ports.preview, ports.wechat}) < 3:
            raise Refusal(
                f"PORT ({ports.web}), PREVIEW_PORT ({ports.preview}) and WECHAT_PORT ({ports.wechat}) "
                "must differ: set the other two as well."
            )
        return ports

    def refuse_busy(self) -> None:
        """Raise a Refusal that names the first port which somebody else listens on."""
        for variable, port in (
            ("PORT", self.web),
            ("PREVIEW_PORT", self.preview),
            ("WECHAT_PORT", self.wechat),
        ):
            if not is_free(port):
                raise Refusal(
                    f"Port {port} is in use by another program: stop that one, "
                    f"or choose another port, such as `{variable}={port + 100} make run`."
                )


def _port(environ: Mapping[str, str], variable: str, default: int) -> int:
    text = environ.get(variable) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refusal(f"{variable} must be a port between 1 and 65535, not {text!r}.")
    return int(text)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def pick(preferred: int | None = None) -> int:
    """Return the preferred port if it is free, else any free one."""
    if preferred is not None and is_free(preferred):
        return preferred
    for _ in range(100):
        port = random.choice(_PICK_FROM)  # noqa: S311 - not a secret
        if is_free(port):
            return port
    raise Refusal("No free port was found on 127.0.0.1.")
