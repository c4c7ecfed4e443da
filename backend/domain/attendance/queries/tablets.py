"""Reading the tablets of a site."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.organisations.models import Site
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound


def get_tablet_site(actor: Actor, site_id: UUID, action: Action = Action.READ) -> Site:
    """Return a site about whose tablets the actor may act so.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    site = db.session.scalars(
        select(Site).options(joinedload(Site.organisation)).where(Site.id == site_id)
    ).one_or_none()
    if site is None:
        raise NotFound
    require_right(actor, action, Resource.SITE_TABLET, parties_to_own(actor, site.organisation_id))
    return site


def list_tablets(site: Site) -> list[SiteTablet]:
    """Return the tablets of a site that are not revoked, the oldest first."""
    statement = select(SiteTablet).where(SiteTablet.site_id == site.id, SiteTablet.revoked_at.is_(None))
    return list(db.session.scalars(statement.order_by(SiteTablet.registered_at, SiteTablet.id)))
