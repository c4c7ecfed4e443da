"""What WeChat thinks of a text before others see it; only who writes from the phone has an openid to be asked by."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sqlalchemy import select

from backend.domain.accounts.models import Account
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.transaction import release_connection
from backend.wechat.current import current_client
from backend.wechat.errors import WeChatError

_MOST_AT_ONCE: Final = 2500  # characters, WeChat's limit of one call
_SOCIAL_LOG: Final = 4  # WeChat's scene
_RISKY: Final = "risky"
_RISKY_CONTENT: Final = 87014  # what the first version of the check answered, and some proxies still do


class TextCheck(StrEnum):
    """What became of a text check."""

    PASSED = "passed"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"  # WeChat does not say: ask again later
    EXEMPT = "exempt"  # written in the console or imported: nobody to ask by


def check_text(actor: Actor, text: str) -> TextCheck:
    """Have WeChat check a text of the actor's, within the request and outside of a transaction."""
    openid = _openid(actor)
    if openid is None:
        return TextCheck.EXEMPT
    client = current_client()
    release_connection()
    for start in range(0, len(text), _MOST_AT_ONCE):
        part = text[start : start + _MOST_AT_ONCE]
        if not part.strip():
            continue
        try:
            verdict = client.check_text(openid=openid, content=part, scene=_SOCIAL_LOG)
        except WeChatError as error:
            return TextCheck.REFUSED if error.errcode == _RISKY_CONTENT else TextCheck.UNAVAILABLE
        if verdict.suggest == _RISKY:
            return TextCheck.REFUSED
    return TextCheck.PASSED


def _openid(actor: Actor) -> str | None:
    if actor.account_id is None:
        return None
    return db.session.scalar(select(Account.openid).where(Account.id == actor.account_id))
