"""Keeps secrets out of texts and logs: requests and urllib3 put whole URLs into theirs."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(
    r"""((?:secret|access_token|session_key|js_code)["']?(?:=|\s*:\s*)["']?)[^\s&"',}]+""", re.IGNORECASE
)
_TALKATIVE = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry", "wechatpy.client.base")


def scrub(text: str) -> str:
    """Return the text with the values of secret, access_token, session_key and js_code struck out."""
    return _SECRET.sub(r"\1***", text)


class _ScrubbingFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = scrub(record.getMessage())
        record.args = None
        return True


_FILTER = _ScrubbingFilter()


def scrub_library_logs() -> None:
    """Scrub what the HTTP libraries log; safe to repeat."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_FILTER)
