"""What files need without anyone asking."""

from __future__ import annotations

import time
from collections import Counter

import structlog

from backend.domain.accounts.queries.addressees import addressees_of
from backend.domain.activities.service.pictures import keep_question
from backend.domain.attachments.queries import token_for_check
from backend.domain.attachments.service import checks, sweeping
from backend.domain.attachments.service.checks import Question
from backend.domain.notifications.rules.delivery import Addressee
from backend.wechat.current import current_client, current_settings
from backend.wechat.errors import WeChatError

log = structlog.get_logger(__name__)

_AT_ONCE = 20
_RUN_SECONDS = 50  # then other jobs have their turn: the next run is five minutes away
_SOCIAL_LOG = 4  # WeChat's scene


def check_pictures() -> None:
    """Ask WeChat about the pictures that wait for it; safe to run twice, and at the same time."""
    ends = time.monotonic() + _RUN_SECONDS
    outcomes: Counter[str] = Counter()
    while time.monotonic() < ends and (questions := checks.claim_questions(_AT_ONCE)):
        addressees = addressees_of(question.person_id for question in questions)
        outcomes.update(_ask(question, addressees.get(question.person_id)) for question in questions)
    if outcomes:
        log.info("pictures_asked", **outcomes)


def _ask(question: Question, addressee: Addressee | None) -> str:
    if addressee is None:
        checks.exempt_picture(question.attachment_id)
        return "exempt"
    address = f"{current_settings().public_url}/api/v1/attachments/checks/{token_for_check(question.attachment_id)}"
    try:
        trace_id = current_client().check_picture(openid=addressee.openid, media_url=address, scene=_SOCIAL_LOG)
    except WeChatError:
        checks.try_again_later(question.attachment_id)
        return "not_taken"
    keep_question(question.attachment_id, trace_id)
    return "asked"


def drop_loose_files() -> None:
    """Drop files that were uploaded and never attached to anything, and places that are compared no more."""
    log.info(
        "files_dropped",
        files=sweeping.drop_loose_files(),
        places=sweeping.forget_old_places(),
        verdicts=checks.drop_stray_verdicts(),
    )


def sweep_storage() -> None:
    """Delete what lies in the storage without a row."""
    if swept := sweeping.sweep_storage():
        log.warning("objects_swept", objects=swept)
