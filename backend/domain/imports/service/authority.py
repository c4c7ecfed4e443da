"""Whose rows an import may write.

The roster is its own right (access table: roster_import), and reaches as far as its role does:

- a command (`flask import roster`) has no limits;
- a bureau, or the administrator of one, writes everything at and below its own place in the tree, new organisations
  included;
- a hospital (medical affairs, administrator) writes its own people, its own dispatches with their rotations, and the
  departments that these name at recipients. An organisation that is not known yet it may bring along with sites and
  people, for somebody must be the first to name a township hospital; from the next import on that organisation is a
  stranger's, and rows of it must say what is already there. Its own particulars and sites are its administrator's.

Rights stand on kind and parent: nobody writes those of their own organisation, nor takes in one from outside.

The role 管理员 is given by an administrator or a command only, and no roster takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from backend.domain.imports.service.directory import Directory, Place
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation.actor import Actor, Role


class Reach(Enum):
    """How far an import reaches."""

    EVERYWHERE = "everywhere"
    TREE = "tree"
    OWN = "own"


@dataclass(frozen=True)
class Authority:
    """What an import may write, on behalf of whom."""

    reach: Reach
    organisation_id: UUID | None
    directory: Directory
    administers: bool

    @classmethod
    def of(cls, actor: Actor, directory: Directory) -> Authority:
        """Return the authority of an actor; one without a role is a command."""
        if actor.role is None:
            return cls(Reach.EVERYWHERE, None, directory, administers=True)
        own = directory.by_id[actor.organisation_id] if actor.organisation_id else None
        overseer = actor.role is Role.BUREAU or (
            actor.role is Role.ADMIN and own is not None and own.kind is OrganisationKind.BUREAU
        )
        return cls(
            Reach.TREE if overseer else Reach.OWN,
            actor.organisation_id,
            directory,
            administers=actor.role is Role.ADMIN,
        )

    @property
    def home(self) -> Place | None:
        """The hospital whose people alone an import is about, None where there may be several."""
        if self.reach is not Reach.OWN or self.organisation_id is None:
            return None
        return self.directory.by_id[self.organisation_id]

    def may_add_organisation(self, place: Place) -> bool:
        """Tell whether a new organisation may be made where the file puts it."""
        if self.reach is Reach.OWN:
            return place.kind is not OrganisationKind.BUREAU
        return self._covers(place)

    def may_change_organisation(self, place: Place) -> bool:
        """Tell whether particulars and sites of an organisation may be written.

        It must be within reach before the import as well: no file may take a stranger into one's own tree.
        """
        if self.reach is Reach.OWN:
            return place.is_new or (self.administers and place.id == self.organisation_id)
        return self._covers(place) and self._covered(place)

    def may_restructure(self, place: Place) -> bool:
        """Tell whether kind and parent, on which rights stand, may be written: nobody's own, but by those above."""
        return place.id != self.organisation_id

    def may_write_people(self, place: Place) -> bool:
        """Tell whether the people whom an organisation employs may be written."""
        return self._covers(place) or (self.reach is Reach.OWN and place.is_new)

    def may_send_from(self, place: Place) -> bool:
        """Tell whether dispatches of this supporting hospital may be written."""
        return self._covers(place)

    def may_report_of(self, place: Place) -> bool:
        """Tell whether what an organisation reports of itself may be written."""
        return self._covers(place)

    def may_report_at(self, place: Place) -> bool:
        """Tell whether what was done at a recipient may be written, whoever supports it."""
        return self.reach is not Reach.OWN and self._covers(place)

    def _covers(self, place: Place) -> bool:
        if self.reach is Reach.EVERYWHERE:
            return True
        if self.reach is Reach.OWN:
            return place.id == self.organisation_id
        return any(above.id == self.organisation_id for above in self.directory.line_of(place))

    def _covered(self, place: Place) -> bool:
        if self.reach is Reach.EVERYWHERE or place.is_new:
            return True
        return any(above.id == self.organisation_id for above in self.directory.line_before(place))
