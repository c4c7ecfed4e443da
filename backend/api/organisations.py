"""/organisations and /sites: those that one has to do with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.organisations import OrganisationOut, OrganisationsOut, SitesInput, SitesOut
from backend.api.schemas.strict import PageInput
from backend.domain.dispatch.queries import get_visible_organisation, list_visible_organisations
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import list_sites
from backend.domain.organisations.rules.kinds import KIND_LABELS
from backend.foundation import clock

bp = APIBlueprint("organisations", __name__, tag="机构")


@bp.get("/organisations")
@bp.input(PageInput, location="query")
@bp.output(OrganisationsOut)
@bp.doc(summary="与本人有关的机构")
def show_all(query_data: dict[str, int]) -> dict[str, Any]:
    page = list_visible_organisations(current_actor(), clock.today(), **query_data)
    return query_data | {"items": [_described(one) for one in page.items], "total": page.total}


@bp.get("/organisations/<uuid:organisation_id>")
@bp.output(OrganisationOut)
@bp.doc(summary="一个机构")
def show(organisation_id: UUID) -> dict[str, Any]:
    return _described(get_visible_organisation(current_actor(), clock.today(), organisation_id))


@bp.get("/sites")
@bp.input(SitesInput, location="query")
@bp.output(SitesOut)
@bp.doc(summary="一个机构的派驻点", responses=[404])
def show_sites(query_data: dict[str, UUID]) -> dict[str, Any]:
    organisation = get_visible_organisation(current_actor(), clock.today(), query_data["organisation_id"])
    return {"items": list_sites([organisation.id])}


def _described(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "code": organisation.code,
        "name": organisation.name,
        "kind": organisation.kind,
        "kind_label": KIND_LABELS[organisation.kind],
        "level": organisation.level,
        "parent_id": organisation.parent_id,
    }
