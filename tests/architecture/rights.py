"""What a route must answer to whom, told from the who-sees-what table: None for "let in", else the status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.domain.access.rules import TABLE, Action, Party, Resource, may
from backend.foundation.actor import Role
from tests.architecture.access_world import Place, Someone

Right = Callable[[Someone], int | None]
_PAIR = {Place.HOSPITAL: Party.SUPPORTING, Place.TOWNSHIP: Party.RECIPIENT}
_OWN = {Place.HOSPITAL: Party.OWN}
_TOWNSHIPS_OWN = {Place.TOWNSHIP: Party.OWN}


@dataclass(frozen=True)
class Route:
    """How to ask for an endpoint, and who may. `body` and `query` may name ids of the world in braces."""

    right: Right
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    file: bytes = b""  # sent as multipart beside the body
    ids: dict[str, str] = field(default_factory=dict)  # parameter of the path → another id of the world, or a text


def everybody(_someone: Someone) -> None:
    """No log-in is needed."""
    return


def whoever_is_logged_in(someone: Someone) -> int | None:
    """Any session will do: it is about oneself, or about nothing of anybody's."""
    return 401 if someone.place is Place.NOBODY else None


def whoever_is_on_a_roster(someone: Someone) -> int | None:
    """Any session of a person will do, in whatever role."""
    return whoever_is_logged_in(someone) or (403 if someone.place is Place.PATIENT else None)


def nobody_finds_it(someone: Someone) -> int | None:
    """There is nothing there."""
    return whoever_is_logged_in(someone) or 404


def nobody_without_a_token(_someone: Someone) -> int:
    """WeChat comes by an address that it was given, which nobody in the world has."""
    return 404


def nobody_but_a_tablet(_someone: Someone) -> int:
    """A site's tablet has a credential of its own, which nobody in the world has."""
    return 401


def nobody_but_wechat(_someone: Someone) -> int:
    """WeChat signs with a token that nobody in the world has."""
    return 403


def the_one_concerned(someone: Someone) -> int | None:
    """For others it does not exist."""
    return whoever_is_logged_in(someone) or (None if someone.is_concerned else 404)


def row_of_pair(action: Action, resource: Resource) -> Right:
    """A row of the hospital, as the supporting one, and the township; perhaps about a person."""
    return lambda someone: _row(someone, action, resource, _parties(someone, _PAIR, resource))


def row_of_pair_but_not_ones_own(action: Action, resource: Resource) -> Right:
    """A row of the two hospitals about a person, whose own word is not enough."""

    def right(someone: Someone) -> int | None:
        parties = _parties(someone, _PAIR, resource) - {Party.SELF}
        return _row(someone, action, resource, parties)

    return right


def row_of_hospital(action: Action, resource: Resource, *, own_record: bool = False) -> Right:
    """A row that belongs to the hospital; `own_record`: the person concerned may as well."""

    def right(someone: Someone) -> int | None:
        if own_record and someone.is_concerned:
            return None
        return _row(someone, action, resource, _parties(someone, _OWN, resource))

    return right


def row_of_township(action: Action, resource: Resource) -> Right:
    """A row that belongs to the township hospital, the recipient."""
    return lambda someone: _row(someone, action, resource, _parties(someone, _TOWNSHIPS_OWN, resource))


def row_of_township_itself(action: Action, resource: Resource) -> Right:
    """A row of patients of the township hospital: for a bureau, which is told counts only, it does not exist."""

    def right(someone: Someone) -> int | None:
        inside = someone.place is Place.TOWNSHIP and someone.role is not None
        return _row(someone, action, resource, {Party.OWN} if inside else set())

    return right


def own_organisation(action: Action, resource: Resource) -> Right:
    """Something of the organisation that one stands in, whichever it is."""

    def right(someone: Someone) -> int | None:
        parties = {Party.OWN} | ({Party.BUREAU} if someone.role is Role.BUREAU else set())
        return whoever_is_logged_in(someone) or (None if may(someone.role, action, resource, parties) else 403)

    return right


def listing(action: Action, resource: Resource) -> Right:
    """A list of what one may see; who has a right to none of it in their role is refused."""

    def right(someone: Someone) -> int | None:
        allowed = TABLE[resource].get(action, {})
        has_some = any(someone.role in roles for party, roles in allowed.items() if party is not Party.SELF)
        has_own = Party.SELF in allowed and someone.role in (Role.STAFF, None)
        return whoever_is_logged_in(someone) or (None if has_some or has_own else 403)

    return right


def listing_of_any(action: Action, *resources: Resource) -> Right:
    """A page that a right to any of several resources opens."""
    rights = [listing(action, resource) for resource in resources]
    return lambda someone: min((right(someone) for right in rights), key=lambda status: (status is not None, status))


def office_listing(action: Action, resource: Resource) -> Right:
    """A list that the roles of an office see; who has a right to rows about themselves alone has none here."""

    def right(someone: Someone) -> int | None:
        allowed = TABLE[resource].get(action, {})
        has_some = any(someone.role in roles for party, roles in allowed.items() if party is not Party.SELF)
        return whoever_is_logged_in(someone) or (None if has_some else 403)

    return right


def asking_for_changes(someone: Someone) -> int | None:
    """A countersigned month: the one concerned and who judges at the hospital may ask for a change of it."""
    refused = row_of_pair(Action.READ, Resource.TIMESHEET)(someone)
    judges = row_of_pair(Action.DECIDE, Resource.CHECK_IN)(someone) is None
    return refused or (None if someone.is_concerned or judges else 403)


def filing_papers(someone: Someone) -> int | None:
    """The paper of a month: who may ask for a change or signs may file it; nobody else's file is found."""
    return uploading_papers(someone) or (None if someone.is_concerned else 404)


def uploading_papers(someone: Someone) -> int | None:
    """The paper of a month, with a file of one's own."""
    signs = row_of_pair(Action.DECIDE, Resource.TIMESHEET)(someone) is None
    return None if signs else asking_for_changes(someone)


def export_of(resource: Resource) -> Right:
    """What all in sight of a role comes to as a file; who has no role has no such sight."""

    def right(someone: Someone) -> int | None:
        refused = listing(Action.READ, resource)(someone)
        return refused or (None if someone.role else 403)

    return right


def redrafting_claims(someone: Someone) -> int | None:
    """A claim that was refused: of those who decide it, the dean drafts nothing."""
    refused = row_of_pair(Action.DECIDE, Resource.SUBSIDY_CLAIM)(someone)
    return refused or (403 if someone.role is Role.DEAN else None)


def facts_of_hospital(someone: Someone) -> int | None:
    """The plain facts of the hospital: its own people, its partners by agreement, and a bureau above it."""
    if someone.place is Place.NOBODY:
        return 401
    sees = someone.role and (
        someone.place in (Place.HOSPITAL, Place.TOWNSHIP)
        or (someone.place is Place.BUREAU and someone.role is Role.BUREAU)
    )
    return None if sees else 404


def _parties(someone: Someone, by_place: dict[Place, Party], resource: Resource) -> set[Party]:
    parties = set()
    if someone.role is not None and someone.place in by_place:
        parties.add(by_place[someone.place])
    if someone.place is Place.BUREAU and someone.role is Role.BUREAU:
        parties.add(Party.BUREAU)
    if someone.is_concerned and any(Party.SELF in allowed for allowed in TABLE[resource].values()):
        parties.add(Party.SELF)
    return parties


def _row(someone: Someone, action: Action, resource: Resource, parties: set[Party]) -> int | None:
    if someone.place is Place.NOBODY:
        return 401
    if not parties:
        return 404
    return None if may(someone.role, action, resource, parties) else 403
