"""Checking a site's rotating code."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.domain.accounts.service.throttling import SITE_CODE_BY_PERSON, counting_failures
from backend.domain.attendance.errors.taps import SiteCodeInvalid
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.rules.site_codes import code_of, step_at, tablet_of
from backend.domain.dispatch.models import Dispatch, dispatch_sites
from backend.extensions import db
from backend.foundation.encryption import keyed_hash


def judge_code(dispatch_id: UUID, code: str, at: datetime) -> UUID | None:
    """Return the tablet, of a site of the dispatch and not revoked, that showed a code at an instant; None if none.

    A tablet that the one who is sent has registered is no witness for them.
    """
    statement = (
        select(SiteTablet.id)
        .join(dispatch_sites, dispatch_sites.c.site_id == SiteTablet.site_id)
        .join(Dispatch, Dispatch.id == dispatch_sites.c.dispatch_id)
        .where(
            Dispatch.id == dispatch_id,
            SiteTablet.revoked_at.is_(None),
            SiteTablet.registered_by_person_id.is_distinct_from(Dispatch.person_id),
        )
    )
    return which_tablet(code, at, db.session.scalars(statement))


def guessing_counted(person_id: UUID | None) -> AbstractContextManager[None]:
    """Let a code be tried, or not: eight digits are few for a script that may try them all.

    Raises:
        TooManyAttempts: the person has sent too many codes that no tablet showed.
        Unavailable: attempts cannot be counted.
    """
    return counting_failures((SITE_CODE_BY_PERSON, str(person_id)), failure=SiteCodeInvalid)


def which_tablet(code: str, at: datetime, tablets: Iterable[UUID]) -> UUID | None:
    """Return which of these tablets showed a code at an instant."""
    return tablet_of(code, at, tablets, _digest)


def code_shown(tablet_id: UUID, at: datetime) -> str:
    """Return the code that a tablet shows at an instant."""
    return code_of(tablet_id, step_at(at), _digest)


def _digest(tablet_id: UUID, step: int) -> bytes:
    return keyed_hash("site-code", f"{tablet_id}:{step}")
