"""Reading the tree of organisations, and their sites."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import CTE, Select, literal, select
from sqlalchemy.orm import aliased

from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.errors import NotFound


def organisations_under(organisation_id: UUID) -> Select[UUID]:
    """Select the ids of an organisation and of all below it."""
    tree = select(Organisation.id).where(Organisation.id == organisation_id).cte("tree", recursive=True)
    child = aliased(Organisation)
    tree = tree.union(select(child.id).where(child.parent_id == tree.c.id))
    return select(tree.c.id)


def organisations_above(organisation_id: UUID) -> Select[UUID, int]:
    """Select the ids of an organisation (height 0) and of all above it, with their height."""
    line = (
        select(Organisation.id, Organisation.parent_id, literal(0).label("height"))
        .where(Organisation.id == organisation_id)
        .cte("line", recursive=True)
    )
    parent = aliased(Organisation)
    line = line.union(
        select(parent.id, parent.parent_id, line.c.height + 1).where(parent.id == line.c.parent_id, line.c.height < 20)
    )
    return select(line.c.id, line.c.height)


def lines_above(organisation_ids: Collection[UUID] | Select[UUID]) -> CTE:
    """Select for each of these organisations (`of`) the ids of itself (height 0) and of all above it."""
    line = (
        select(Organisation.id.label("of"), Organisation.id, Organisation.parent_id, literal(0).label("height"))
        .where(Organisation.id.in_(organisation_ids))
        .cte("line", recursive=True)
    )
    parent = aliased(Organisation)
    return line.union(
        select(line.c.of, parent.id, parent.parent_id, line.c.height + 1).where(
            parent.id == line.c.parent_id, line.c.height < 20
        )
    )


def get_organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation.

    Raises:
        NotFound: there is none of this id.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    return organisation


def list_organisations(ids: Select[UUID] | Iterable[UUID]) -> list[Organisation]:
    """Return these organisations by code."""
    chosen = ids if isinstance(ids, Select) else list(ids)
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(chosen)).order_by(Organisation.code)))


def list_hospitals_nearby(organisation_id: UUID) -> list[Organisation]:
    """Return all organisations of the same tree but bureaus, by code: whom one may sign an agreement with.

    Code and name of an organisation are public.
    """
    above = organisations_above(organisation_id).subquery()
    root = db.session.execute(select(above.c.id).order_by(above.c.height.desc()).limit(1)).scalar_one()
    statement = (
        select(Organisation)
        .where(Organisation.id.in_(organisations_under(root)), Organisation.kind != OrganisationKind.BUREAU)
        .order_by(Organisation.code)
    )
    return list(db.session.scalars(statement))


def list_sites(organisation_ids: Iterable[UUID]) -> list[Site]:
    """Return the sites of these organisations."""
    statement = select(Site).where(Site.organisation_id.in_(list(organisation_ids)))
    return list(db.session.scalars(statement.order_by(Site.organisation_id, Site.name)))
