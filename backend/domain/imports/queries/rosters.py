"""Reading where imports stand; the file itself is never read here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.imports.errors import RosterImportNotFound
from backend.domain.imports.models import RosterImport
from backend.domain.organisations.queries import parties_to_own, require_list_right, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def get_roster_import(actor: Actor, import_id: UUID, action: Action = Action.READ) -> RosterImport:
    """Return an import of the actor's organisation: status, progress (done, total, percent), report.

    `report` holds, once it was checked, what `service.rosters.Report.as_json` describes.

    Raises:
        RosterImportNotFound: there is none in the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = select(RosterImport).options(
        joinedload(RosterImport.uploaded_by), joinedload(RosterImport.confirmed_by)
    )
    found = db.session.scalars(statement.where(RosterImport.id == import_id)).one_or_none()
    parties = parties_to_own(actor, found.organisation_id) if found else frozenset()
    if found is None or not parties:
        raise RosterImportNotFound
    require_right(actor, action, Resource.ROSTER_IMPORT, parties)
    return found


def list_roster_imports(actor: Actor, *, page: int = 1, page_size: int = 20) -> Page[RosterImport]:
    """Return the imports of the actor's organisation, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    require_list_right(actor, Action.READ, Resource.ROSTER_IMPORT)
    statement = (
        select(RosterImport)
        .options(joinedload(RosterImport.uploaded_by))
        .where(RosterImport.organisation_id == actor.organisation_id)
        .order_by(RosterImport.uploaded_at.desc(), RosterImport.id)
    )
    return fetch_page(statement, page=page, page_size=page_size)
