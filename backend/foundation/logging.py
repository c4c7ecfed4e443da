"""Structured logs: one JSON object a line in production, readable lines elsewhere; never personal data."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

# Keys that must never reach a log, whatever is passed by mistake.
FORBIDDEN_KEYS = frozenset(
    {"password", "telephone", "phone", "name", "identity", "identity_last4", "id_number", "openid", "unionid"}
    | {"session_key", "access_token", "refresh_token", "token", "secret", "code", "js_code", "authorization"}
    | {"cookie", "longitude", "latitude", "location"}
)


def drop_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the value of each forbidden key."""
    for key in FORBIDDEN_KEYS & event.keys():
        event[key] = "[removed]"
    return event


def where_raised(error: BaseException) -> list[str]:
    """Return the innermost frames of an error: all that may be told of it, for its text may quote a row."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/backend/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]


def tell_no_error_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put kind and place of an exception where it stood itself."""
    error = event.pop("exc_info", None)
    error = error[1] if isinstance(error, tuple) else sys.exception() if error is True else error
    if isinstance(error, BaseException):
        event["kind"], event["where"] = type(error).__name__, where_raised(error)
    return event


def configure_logging(*, level: str, as_json: bool) -> None:
    """Set up structlog and let the standard library's loggers print through one handler."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the default shows local variables: personal data
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([tell_no_error_text] if as_json else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
