"""Tablets at sites: registering one, pairing the device with a code that works once, and what it shows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action
from backend.domain.accounts.rules import new_secret, secret_hash
from backend.domain.attendance.errors.taps import PairingInvalid, TabletNameMissing, TabletUnknown
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.queries.tablets import get_tablet_site, list_tablets
from backend.domain.attendance.rules.site_codes import STEP_SECONDS
from backend.domain.attendance.service.site_codes import code_shown
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Site
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

PAIRING_LIFE = timedelta(days=1)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that a reader takes for another
_PAIRING_LENGTH = 12  # 59 bits, for a day, and for tablets only that nobody has paired
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Registered:
    """A new tablet, and the code by which a device becomes it: shown this once."""

    tablet: SiteTablet
    pairing_code: str


def register_tablet(actor: Actor, site_id: UUID, name: str) -> Registered:
    """Register a tablet at a site of the actor's organisation.

    Raises:
        NotFound, Forbidden: as in get_tablet_site.
        TabletNameMissing: it has no name.
    """
    if not name.strip():
        raise TabletNameMissing(fields={"name": ["请填写名称。"]})
    with transaction() as session:
        site = get_tablet_site(actor, site_id, Action.WRITE)
        code = "".join(secrets.choice(_LETTERS) for _ in range(_PAIRING_LENGTH))
        tablet = SiteTablet(
            id=new_id(),
            site=site,
            name=name.strip(),
            credential_hash=_pairing_hash(code),
            registered_by_person_id=actor.person_id,
            registered_at=clock.now(),
        )
        session.add(tablet)
        session.flush()
        record_event(actor, "register_tablet", "site_tablet", tablet.id, organisation_id=site.organisation_id)
        return Registered(tablet, "-".join(code[start : start + 4] for start in range(0, _PAIRING_LENGTH, 4)))


def revoke_tablet(actor: Actor, site_id: UUID, tablet_id: UUID) -> None:
    """Take the credential of a tablet away: what it shows no longer holds.

    Raises:
        NotFound, Forbidden: as in get_tablet_site, or there is no such tablet at the site.
    """
    with transaction():
        site = get_tablet_site(actor, site_id, Action.WRITE)
        tablet = next((one for one in list_tablets(site) if one.id == tablet_id), None)
        if tablet is None:
            raise NotFound
        tablet.revoked_at = clock.now()
        record_event(actor, "revoke_tablet", "site_tablet", tablet.id, organisation_id=site.organisation_id)


def pair_tablet(pairing_code: str) -> str:
    """Make the device that knows a pairing code the tablet; return the credential that it keeps from now on.

    Raises:
        PairingInvalid: the code is wrong, was used, or is older than a day.
    """
    plain = "".join(letter for letter in pairing_code.upper() if letter.isalnum())
    credential, now = new_secret(), clock.now()
    with transaction() as session:
        # The code works once, by itself: the credential takes its place.
        paired = session.execute(
            update(SiteTablet)
            .where(
                SiteTablet.credential_hash == _pairing_hash(plain),
                SiteTablet.revoked_at.is_(None),
                SiteTablet.registered_at > now - PAIRING_LIFE,
            )
            .values(credential_hash=secret_hash(credential), last_seen_at=now)
            .returning(SiteTablet.id, SiteTablet.site_id)
        ).one_or_none()
        if paired is None:
            raise PairingInvalid
        at = session.get_one(Site, paired.site_id).organisation_id
        record_event(Actor(channel="tablet"), "pair_tablet", "site_tablet", paired.id, organisation_id=at)
    return credential


@dataclass(frozen=True)
class Shown:
    """What a tablet shows at an instant, and until when."""

    tablet: SiteTablet
    code: str
    now: datetime
    until: datetime


def show_code(credential: str) -> Shown:
    """Return the code of the tablet that has this credential, and note that it was seen.

    Raises:
        TabletUnknown: no tablet has it, or it was revoked.
    """
    now = clock.now()
    with transaction():
        statement = (
            select(SiteTablet)
            .options(joinedload(SiteTablet.site).joinedload(Site.organisation))
            .where(SiteTablet.credential_hash == secret_hash(credential), SiteTablet.revoked_at.is_(None))
        )
        tablet = db.session.scalars(statement).one_or_none()
        if tablet is None:
            raise TabletUnknown
        if tablet.last_seen_at is None or now - tablet.last_seen_at >= _SEEN_EVERY:
            tablet.last_seen_at = now
    passed = timedelta(seconds=now.timestamp() % STEP_SECONDS)
    return Shown(tablet, code_shown(tablet.id, now), now, now - passed + timedelta(seconds=STEP_SECONDS))


def _pairing_hash(code: str) -> bytes:
    return keyed_hash("tablet-pairing", code)
