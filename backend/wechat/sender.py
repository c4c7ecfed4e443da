"""Sends subscribe messages in bulk over kept-alive connections, with the client's token and the one error table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

import aiohttp
import orjson
from yarl import URL

from backend.wechat.client import SEND_PATH, MiniProgramClient
from backend.wechat.errors import NO_ANSWER, NOT_CONNECTED, Remedy, Rule, WeChatError, rule_for

AT_ONCE = 200  # connections, and so the most that can be under way when a worker dies
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=3.05)
_BATCH_SECONDS = 8  # one clock for all of a batch, not one for each message


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message on its way."""

    openid: str
    template_id: str
    fields: Mapping[str, str]
    page: str


@dataclass(frozen=True)
class Outcome:
    """What WeChat said to a message: no rule means that it took it."""

    message_id: str = ""
    rule: Rule | None = None
    errcode: int | None = None


class BulkSender:
    """Sends batches one after the other; use it as a context manager, which closes its connections."""

    def __init__(self, client: MiniProgramClient) -> None:
        self._client = client
        self._runner = asyncio.Runner()
        self._session: aiohttp.ClientSession | None = None

    def __enter__(self) -> BulkSender:
        self._session = self._runner.run(_open_session())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            self._runner.run(self._session.close())
        self._runner.close()

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Send each once, all at the same time; once more those whose token WeChat rejected, with another one."""
        bodies = [self._body(letter) for letter in letters]
        try:
            token = self._client.access_token
        except WeChatError as error:
            return [Outcome(rule=_unsent(error), errcode=error.errcode)] * len(bodies)
        outcomes = self._post_all(bodies, token)
        rejected = [
            number
            for number, outcome in enumerate(outcomes)
            if outcome.rule is not None and outcome.rule.remedy is Remedy.REFRESH_TOKEN
        ]
        if rejected and (renewed := self._renewed(token)):
            again = self._post_all([bodies[number] for number in rejected], renewed)
            for number, outcome in zip(rejected, again, strict=True):
                outcomes[number] = outcome
        return outcomes

    def _renewed(self, token: str) -> str | None:
        try:
            return self._client.renew_access_token(token)
        except WeChatError:
            return None

    def _body(self, letter: Letter) -> bytes:
        return orjson.dumps(
            self._client.subscribe_message(
                openid=letter.openid, template_id=letter.template_id, fields=letter.fields, page=letter.page or None
            )
        )

    def _post_all(self, bodies: Sequence[bytes], token: str) -> list[Outcome]:
        url = URL(self._client.api_url + SEND_PATH).with_query(access_token=token)

        async def post_all() -> list[Outcome]:
            posts = [asyncio.create_task(self._post(url, body)) for body in bodies]
            _done, late = await asyncio.wait(posts, timeout=_BATCH_SECONDS)
            for post in late:
                post.cancel()
            return [Outcome(rule=NO_ANSWER) if post in late else post.result() for post in posts]

        return self._runner.run(post_all()) if bodies else []

    async def _post(self, url: URL, body: bytes) -> Outcome:
        if self._session is None:
            raise RuntimeError("the sender is not open")
        try:
            async with self._session.post(url, data=body, allow_redirects=False) as response:
                return _outcome_of(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Outcome(rule=NOT_CONNECTED)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Outcome(rule=NO_ANSWER)


async def _open_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE),
        timeout=_TIMEOUT,
        headers={"Content-Type": "application/json"},
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _unsent(error: WeChatError) -> Rule:
    """Without a token nothing was sent, whatever WeChat said to who asked for one."""
    return error.rule if error.rule.remedy is Remedy.RETRY_MUCH_LATER else NOT_CONNECTED


def _outcome_of(status: int, content: bytes) -> Outcome:
    try:
        answer = orjson.loads(content) if status == 200 else None
    except orjson.JSONDecodeError:
        answer = None
    errcode = answer.get("errcode") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(errcode, int):
        return Outcome(rule=NO_ANSWER)
    if errcode:
        return Outcome(rule=rule_for(errcode), errcode=errcode)
    return Outcome(message_id=str(answer.get("msgid", "")))
