"""The supervisor of `make run`: starts everything in order, restarts what dies, stops everything in order."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from circus.arbiter import Arbiter
from circus.exc import ConflictError
from circus.watcher import Watcher
from tornado import gen, ioloop
from tornado.httpclient import AsyncHTTPClient

from dev import leftovers
from dev.places import ROOT
from dev.prepare import LOG_INS
from dev.processes import Plan, Process
from dev.streams import labelled, say

_LOOK_EVERY_SECONDS = 0.5
_STOP_WITHIN_SECONDS = 10
_SAY_WHY_AFTER_SECONDS = 60


class Supervisor:
    """Runs one plan until it is told to stop."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._failed = False
        self._servers = [_watch(process) for process in plan.servers()]
        self._preparation = _watch(plan.preparation(), respawn=False)
        self._application = [_watch(process, autostart=False) for process in plan.application()]
        self._arbiter = _OrderlyArbiter([*self._servers, self._preparation, *self._application], self._servers)

    def run(self) -> int:
        """Return the exit status once everything has stopped."""
        logging.getLogger("circus").setLevel(logging.ERROR)
        loop = ioloop.IOLoop.current()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: loop.add_callback_from_signal(self._arbiter.stop_for_sure))
        loop.add_callback(self._bring_up)
        self._arbiter.start()
        return 1 if self._failed else 0

    async def _bring_up(self) -> None:
        while not self._arbiter.running:
            await asyncio.sleep(0.05)
        if not await self._prepared():
            self._failed = not self._arbiter.stopping
            await self._arbiter.stop_for_sure()
            return
        for watcher in self._application:
            if not self._arbiter.stopping:
                watcher.autostart = True
                await self._arbiter.start_watcher(watcher)
        await self._say_when_ready()

    async def _prepared(self) -> bool:
        for reached in (self._preparation.is_active, self._preparation.is_stopped):
            while not reached() and not self._arbiter.stopping:
                await asyncio.sleep(0.05)
        return LOG_INS.exists()

    async def _say_when_ready(self) -> None:
        waited = 0.0
        said = False
        while not self._arbiter.stopping:
            why_not = await _why_not_ready(self._plan.ports.web)
            if why_not is None:
                say(self._closing_line())
                return
            if waited > _SAY_WHY_AFTER_SECONDS and not said:
                say(f"Not ready after {_SAY_WHY_AFTER_SECONDS} seconds, still trying: {why_not}")
                said = True
            await asyncio.sleep(0.25)
            waited += 0.25

    def _closing_line(self) -> str:
        ports = self._plan.ports
        parts = [f"Ready. Office http://127.0.0.1:{ports.web}/console"]
        if self._plan.with_preview:
            parts.append(f"mini-program http://127.0.0.1:{ports.preview}")
        parts.append(f"API http://127.0.0.1:{ports.web}/api/v1/docs")
        parts.append(f"log-ins: {LOG_INS.read_text()}")
        return " · ".join(parts) + " · Ctrl-C stops; the data stays."


class _OrderlyArbiter(Arbiter):  # type: ignore[misc]
    """Stops the database and the queue after those who use them; listens to nobody but signals."""

    def __init__(self, watchers: list[Watcher], last: list[Watcher]) -> None:
        super().__init__(watchers, "inproc://bangfu-control", "inproc://bangfu-events", check_delay=_LOOK_EVERY_SECONDS)
        self._last = last

    @property
    def stopping(self) -> bool:
        return bool(self._stopping)

    async def stop_for_sure(self) -> None:
        """Stop, once: circus refuses to while it is busy with a restart, so ask again then."""
        while not self.stopping:
            try:
                await self.stop()
            except ConflictError:
                await asyncio.sleep(0.1)

    def manage_watchers(self) -> Any:
        """Look for the dead, but not while stopping, when they are meant to be."""
        return None if self.stopping else super().manage_watchers()

    @gen.coroutine
    def _stop_watchers(
        self, close_output_streams: bool = False, watcher_iter_func: Callable[..., Any] | None = None
    ) -> Any:
        say("Stopping …")
        first = [watcher for watcher in self.watchers if watcher not in self._last]
        for group in (first, self._last):
            yield gen.multi([watcher._stop(close_output_streams) for watcher in group])
        say("Stopped. The data stays in .local.")


def _watch(process: Process, *, autostart: bool = True, respawn: bool = True) -> Watcher:
    program, *arguments = labelled(process.name, process.command)
    return Watcher(
        process.name,
        program,
        args=arguments,
        working_dir=str(ROOT),
        env={**os.environ, **process.environment},
        copy_env=False,
        stop_signal=signal.Signals[f"SIG{process.stop_signal}"],
        graceful_timeout=_STOP_WITHIN_SECONDS,
        autostart=autostart,
        respawn=respawn,
        max_retry=-1,
        hooks={
            "before_spawn": (_end_what_the_last_one_left, True),
            "after_reap": (_tell_of_death, True),
        },
    )


def _end_what_the_last_one_left(watcher: Watcher, **_: Any) -> bool:
    """A killed process may leave children that still answer on its port with what is no longer so."""
    leftovers.end(watcher.name)
    return True


def _tell_of_death(watcher: Watcher, arbiter: _OrderlyArbiter, exit_code: int = 0, **_: Any) -> bool:
    if watcher.respawn and not arbiter.stopping:
        how = f"was killed by signal {-exit_code}" if exit_code < 0 else f"ended with status {exit_code}"
        say(f"{watcher.name} {how}; starting it again.")
    return True


async def _why_not_ready(port: int) -> str | None:
    try:
        response = await AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{port}/readyz", raise_error=False, request_timeout=10
        )
    except OSError as error:
        return f"the web server does not answer ({error})"
    return None if response.code == 200 else f"/readyz says {response.code} {response.body.decode()[:200]}"
