"""Reading where imports stand; the file itself is never read here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, parties_with
from backend.domain.imports.errors import ImportNotFound
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.rules.kinds import RESOURCES, ImportKind
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.paging import Page, fetch_page


def get_import(actor: Actor, import_id: UUID, action: Action = Action.READ) -> SpreadsheetImport:
    """Return an import of the actor's organisation: kind, status, progress (done, total, percent), report.

    `report` holds, once it was checked, what `service.report.Report.as_json` describes.

    Raises:
        ImportNotFound: there is none in the actor's organisations.
        Forbidden: the current role has no such right to imports of this kind.
    """
    statement = select(SpreadsheetImport).options(
        joinedload(SpreadsheetImport.uploaded_by),
        joinedload(SpreadsheetImport.confirmed_by),
        joinedload(SpreadsheetImport.withdrawn_by),
    )
    found = db.session.scalars(statement.where(SpreadsheetImport.id == import_id)).one_or_none()
    parties = parties_to_own(actor, found.organisation_id) if found else frozenset()
    if found is None or not parties:
        raise ImportNotFound
    require_right(actor, action, RESOURCES[found.kind], parties)
    return found


def kinds_for(actor: Actor, action: Action) -> list[ImportKind]:
    """Return what the current role may import (WRITE), or see of what was imported (READ)."""
    return [kind for kind in ImportKind if parties_with(actor.role, action, RESOURCES[kind]) - {Party.SELF}]


def list_imports(actor: Actor, *, page: int = 1, page_size: int = 20) -> Page[SpreadsheetImport]:
    """Return the imports of the actor's organisation, the latest first, of the kinds that the role may see.

    Raises:
        Forbidden: the current role may import nothing.
    """
    if not kinds_for(actor, Action.WRITE):
        raise Forbidden
    statement = (
        select(SpreadsheetImport)
        .options(joinedload(SpreadsheetImport.uploaded_by))
        .where(
            SpreadsheetImport.organisation_id == actor.organisation_id,
            SpreadsheetImport.kind.in_(kinds_for(actor, Action.READ)),
        )
        .order_by(SpreadsheetImport.uploaded_at.desc(), SpreadsheetImport.id)
    )
    return fetch_page(statement, page=page, page_size=page_size)
