"""What the stand-in remembers: who exists, codes, grants, messages. In memory, behind one lock."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.wechat.standin.clock import MovableClock
from backend.wechat.standin.faults import Faults
from backend.wechat.standin.refusal import Refusal
from backend.wechat.standin.tokens import Tokens

CODE_LIFE = 300
ACTIVE_FOR = 2 * 3600
TEMPLATE_KINDS = ("one_time", "long_term")


@dataclass
class Code:
    """A code that works once, for five minutes."""

    subject: str  # an openid or a telephone number
    issued_at: float
    unionid: str = ""
    used: bool = False


@dataclass
class Template:
    """A message template: one-time grants are used up by a send, long-term ones are not."""

    kind: str
    fields: frozenset[str] = frozenset()  # empty: any


@dataclass
class Options:
    """What control may change."""

    risky_words: list[str] = field(default_factory=lambda: ["赌博", "枪支"])
    pages: list[str] = field(default_factory=list)  # empty: any well-formed page exists
    send_seconds: float = 0.0  # how long a send is under way
    push_url: str = ""  # empty: nothing is pushed
    push_token: str = "development-only"  # noqa: S105
    sent_event_seconds: float = 0.0  # after which it is pushed what became of a message
    push_pause: float = 5.0  # seconds before a push is repeated
    verdict_seconds: float = 0.2  # after which a picture's verdict is pushed
    verdict: str = "pass"


class World:
    """All state. Methods that raise `Refusal` are WeChat's rules."""

    def __init__(
        self,
        *,
        app_id: str,
        secret: str,
        push_url: str = "",
        push_token: str = "",
        templates: Mapping[str, str] | None = None,
    ) -> None:
        self.app_id = app_id
        self.secret = secret
        self.lock = threading.RLock()
        self._first_templates = dict(templates or {})  # id → kind
        self._first_options = {"push_url": push_url, "push_token": push_token}
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        with self.lock:
            self.clock = MovableClock()
            self.tokens = Tokens(self.clock)
            self.faults = Faults()
            self.options = Options(**{k: v for k, v in self._first_options.items() if v})  # type: ignore[arg-type]
            self.last_active: dict[str, float] = {}
            self.login_codes: dict[str, Code] = {}
            self.phone_codes: dict[str, Code] = {}
            self.templates = {template_id: Template(kind) for template_id, kind in self._first_templates.items()}
            self.grants: dict[tuple[str, str], int] = {}
            self.messages: list[dict[str, Any]] = []
            self.pictures: dict[str, str] = {}  # trace_id → openid
            self.fetched: dict[str, bytes] = {}  # trace_id → what was at its address
            self.received: deque[dict[str, Any]] = deque(maxlen=20_000)
            self.pushes: list[dict[str, Any]] = []
            self._being_sent_to: set[str] = set()
            self._last_message_id = 3_000_000_000_000_000_000

    # What people do in the mini-program

    def new_login_code(self, openid: str, unionid: str) -> str:
        with self.lock:
            self.last_active[openid] = self.clock.now()
            return self._new_code(self.login_codes, Code(openid, self.clock.now(), unionid))

    def new_phone_code(self, phone: str) -> str:
        with self.lock:
            return self._new_code(self.phone_codes, Code(phone, self.clock.now()))

    def _new_code(self, codes: dict[str, Code], code: Code) -> str:
        text = "0" + secrets.token_hex(16)[:31]
        codes[text] = code
        return text

    def grant(self, openid: str, template_id: str, count: int) -> None:
        """Let a person accept a template so many times; 0 is a refusal, which takes back what was granted."""
        with self.lock:
            self.last_active.setdefault(openid, self.clock.now())
            long_term = self.templates[template_id].kind == "long_term"
            left = self.grants.get((openid, template_id), 0)
            self.grants[openid, template_id] = 0 if count == 0 else 1 if long_term else left + count

    # WeChat's rules

    def spend_login_code(self, text: str) -> Code:
        with self.lock:
            code = self._live(self.login_codes, text)
            if code.used:
                raise Refusal(40163)
            code.used = True
            self.last_active[code.subject] = self.clock.now()
            return code

    def spend_phone_code(self, text: str) -> str:
        with self.lock:
            code = self._live(self.phone_codes, text)
            if code.used:
                raise Refusal(40029)
            code.used = True
            return code.subject

    def _live(self, codes: dict[str, Code], text: str) -> Code:
        code = codes.get(text)
        if code is None or self.clock.now() - code.issued_at > CODE_LIFE:
            raise Refusal(40029)
        return code

    def require_active(self, openid: str) -> None:
        with self.lock:
            self.require_known(openid)
            if self.clock.now() - self.last_active[openid] > ACTIVE_FOR:
                raise Refusal(61010)

    def require_known(self, openid: str) -> None:
        if openid not in self.last_active:
            raise Refusal(40003)

    def begin_send(self, openid: str) -> None:
        with self.lock:
            if openid in self._being_sent_to:
                raise Refusal(43108)
            self._being_sent_to.add(openid)

    def end_send(self, openid: str) -> None:
        with self.lock:
            self._being_sent_to.discard(openid)

    def deliver(self, message: dict[str, Any]) -> int:
        """Take a grant and keep the message; return its id."""
        with self.lock:
            key = (message["touser"], message["template_id"])
            if self.grants.get(key, 0) < 1:
                raise Refusal(43101)
            if self.templates[message["template_id"]].kind == "one_time":
                self.grants[key] -= 1
            self._last_message_id += 1
            self.messages.append({"msgid": self._last_message_id, "at": self.clock.now(), **message})
            return self._last_message_id
