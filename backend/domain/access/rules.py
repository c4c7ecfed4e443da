"""The who-sees-what table: for each resource, which party may do what in which roles.

A party is what an actor's organisation is to a row: the supporting hospital, the recipient, a bureau above either,
the row's own organisation; or the actor is the person concerned. Outside of all of them everything is 404;
inside, with a role that the table does not name, it is 403.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from backend.foundation.actor import Role


class Party(StrEnum):
    """What the actor is to a row."""

    SELF = "self"  # the person concerned, in whatever role
    SUPPORTING = "supporting"
    RECIPIENT = "recipient"
    BUREAU = "bureau"  # a bureau above either hospital
    OWN = "own"  # the one organisation that a row belongs to, where there is no pair


class Action(StrEnum):
    """What is asked for."""

    READ = "read"
    WRITE = "write"
    DECIDE = "decide"
    CONFIRM = "confirm"  # say on the spot whether somebody is there


class Resource(StrEnum):
    """What is asked about."""

    ORGANISATION = "organisation"
    AGREEMENT = "agreement"
    SETTING = "setting"
    PERSON = "person"
    BINDING_REQUEST = "binding_request"
    DISPATCH = "dispatch"
    ROTATION = "rotation"
    CHECK_IN = "check_in"
    COORDINATES = "coordinates"
    CORRECTION = "correction"
    LEAVE = "leave"
    LEAVE_PAPER = "leave_paper"  # a certificate: medical data of the one concerned
    SPOT_CHECK = "spot_check"
    TIMESHEET = "timesheet"
    DELEGATION = "delegation"
    SITE_TABLET = "site_tablet"
    CALENDAR = "calendar"
    CLINIC = "clinic"  # its planning; that it is held is public
    CLOSURE = "closure"
    BOOKING = "booking"
    PATIENT = "patient"
    CALL_LIST = "call_list"  # who could not be told, with telephone numbers
    MESSAGE = "message"  # what became of what is owed to people
    ACTIVITY = "activity"
    ACTIVITY_PATIENT = "activity_patient"  # what a record says of a patient, beyond what was done
    INDICATOR = "indicator"  # what an organisation reports of itself
    SUBSIDY_CLAIM = "subsidy_claim"
    SUBSIDY_RULE = "subsidy_rule"
    SUBSIDY_BUDGET = "subsidy_budget"
    PAYMENT_RUN = "payment_run"
    BANK_ACCOUNT = "bank_account"
    EVALUATION = "evaluation"
    PROMOTION = "promotion"  # what somebody's service comes to, and papers about it
    PROMOTION_RULE = "promotion_rule"
    ROSTER_IMPORT = "roster_import"
    LEDGER_IMPORT = "ledger_import"
    AUDIT_TRAIL = "audit_trail"


ANY_ROLE = frozenset(Role)
OFFICE = frozenset({Role.MEDICAL_AFFAIRS, Role.EDUCATION, Role.PERSONNEL, Role.FINANCE, Role.DEAN, Role.DUTY})
_MEDICAL_AFFAIRS = frozenset({Role.MEDICAL_AFFAIRS})
_DIRECTOR = frozenset({Role.DIRECTOR})
_SIGNERS = frozenset({Role.DIRECTOR, Role.DELEGATE})
_APPROVERS = frozenset({Role.MEDICAL_AFFAIRS, Role.FINANCE, Role.DEAN})
_FINANCE = frozenset({Role.FINANCE})
_DEAN = frozenset({Role.DEAN})
_PERSONNEL = frozenset({Role.PERSONNEL})
_DESK = frozenset({Role.DESK})
_RECEPTION = frozenset({Role.DESK, Role.DIRECTOR})
_BUREAU = frozenset({Role.BUREAU})
_ADMIN = frozenset({Role.ADMIN})

Roles = frozenset[Role]
TABLE: Mapping[Resource, Mapping[Action, Mapping[Party, Roles]]] = {
    Resource.ORGANISATION: {
        Action.READ: {Party.OWN: ANY_ROLE, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _ADMIN, Party.BUREAU: _BUREAU},
    },
    Resource.AGREEMENT: {
        Action.READ: {Party.SUPPORTING: OFFICE, Party.RECIPIENT: _DIRECTOR, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.SUPPORTING: _MEDICAL_AFFAIRS, Party.RECIPIENT: _DIRECTOR, Party.BUREAU: _BUREAU},
    },
    Resource.SETTING: {
        Action.READ: {Party.OWN: OFFICE | _ADMIN | _DIRECTOR | _BUREAU, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _ADMIN | _BUREAU, Party.BUREAU: _BUREAU},
    },
    Resource.PERSON: {
        Action.READ: {Party.OWN: _ADMIN | _MEDICAL_AFFAIRS},
        Action.WRITE: {Party.OWN: _ADMIN},
    },
    Resource.BINDING_REQUEST: {
        Action.READ: {Party.OWN: _MEDICAL_AFFAIRS},
        Action.DECIDE: {Party.OWN: _MEDICAL_AFFAIRS},
    },
    Resource.DISPATCH: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _DIRECTOR | {Role.DESK},
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SUPPORTING: _MEDICAL_AFFAIRS},
    },
    Resource.ROTATION: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _DIRECTOR,
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SUPPORTING: _MEDICAL_AFFAIRS},
    },
    Resource.CHECK_IN: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _SIGNERS | {Role.DESK},
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.SUPPORTING: _MEDICAL_AFFAIRS},
        Action.CONFIRM: {Party.RECIPIENT: _SIGNERS},
    },
    Resource.CORRECTION: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: OFFICE, Party.RECIPIENT: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.SUPPORTING: _MEDICAL_AFFAIRS, Party.RECIPIENT: _SIGNERS},
    },
    Resource.LEAVE: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: OFFICE, Party.RECIPIENT: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.SUPPORTING: _MEDICAL_AFFAIRS, Party.RECIPIENT: _SIGNERS},
    },
    Resource.LEAVE_PAPER: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: _MEDICAL_AFFAIRS, Party.RECIPIENT: _SIGNERS},
    },
    Resource.SPOT_CHECK: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _DIRECTOR,
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SUPPORTING: _MEDICAL_AFFAIRS | {Role.DUTY}, Party.BUREAU: _BUREAU},
        Action.DECIDE: {Party.SUPPORTING: _MEDICAL_AFFAIRS | {Role.DUTY}},
    },
    Resource.TIMESHEET: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: OFFICE, Party.RECIPIENT: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.RECIPIENT: _SIGNERS},
    },
    Resource.DELEGATION: {
        Action.READ: {Party.OWN: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _DIRECTOR, Party.BUREAU: _BUREAU},
    },
    Resource.SITE_TABLET: {
        Action.READ: {Party.OWN: _ADMIN | _DIRECTOR},
        Action.WRITE: {Party.OWN: _ADMIN | _DIRECTOR},
    },
    Resource.CALENDAR: {
        Action.READ: {Party.OWN: ANY_ROLE, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _ADMIN | _BUREAU, Party.BUREAU: _BUREAU},
    },
    Resource.CLINIC: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _RECEPTION,
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SUPPORTING: _MEDICAL_AFFAIRS, Party.RECIPIENT: _RECEPTION},
        Action.DECIDE: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: _MEDICAL_AFFAIRS | {Role.DUTY},
            Party.RECIPIENT: _RECEPTION,
        },
    },
    Resource.CLOSURE: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _RECEPTION,
            Party.BUREAU: _BUREAU,
        },
        Action.DECIDE: {Party.SUPPORTING: _MEDICAL_AFFAIRS},
    },
    Resource.BOOKING: {
        # The one concerned is the expert here: they see who comes, masked, and may add a place.
        Action.READ: {Party.SELF: ANY_ROLE, Party.RECIPIENT: _DESK},
        Action.WRITE: {Party.RECIPIENT: _DESK},
        Action.DECIDE: {Party.RECIPIENT: _DESK},
        Action.CONFIRM: {Party.SELF: ANY_ROLE, Party.RECIPIENT: _DESK},
    },
    Resource.PATIENT: {
        Action.READ: {Party.OWN: _DESK},
        Action.WRITE: {Party.OWN: _DESK},
    },
    Resource.CALL_LIST: {
        # The one concerned is whoever was named to call.
        Action.READ: {Party.SELF: ANY_ROLE, Party.RECIPIENT: _DESK},
        Action.WRITE: {Party.SELF: ANY_ROLE, Party.RECIPIENT: _DESK},
    },
    Resource.MESSAGE: {
        Action.READ: {Party.OWN: _ADMIN | _MEDICAL_AFFAIRS | _RECEPTION, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _ADMIN | _MEDICAL_AFFAIRS | _RECEPTION},
    },
    Resource.COORDINATES: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: _MEDICAL_AFFAIRS},
    },
    Resource.ROSTER_IMPORT: {
        Action.READ: {Party.OWN: _MEDICAL_AFFAIRS | _ADMIN | _BUREAU},
        Action.WRITE: {Party.OWN: _MEDICAL_AFFAIRS | _ADMIN | _BUREAU},
    },
    Resource.ACTIVITY: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: OFFICE, Party.RECIPIENT: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.RECIPIENT: _SIGNERS},
    },
    Resource.ACTIVITY_PATIENT: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: _MEDICAL_AFFAIRS | {Role.EDUCATION, Role.DEAN},
            Party.RECIPIENT: _SIGNERS,
        },
    },
    Resource.INDICATOR: {
        Action.READ: {Party.OWN: OFFICE | _DIRECTOR | _BUREAU, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _MEDICAL_AFFAIRS | _DIRECTOR, Party.BUREAU: _BUREAU},
    },
    Resource.SUBSIDY_CLAIM: {
        Action.READ: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: OFFICE,
            Party.RECIPIENT: _DIRECTOR,
            Party.BUREAU: _BUREAU,
        },
        Action.WRITE: {Party.SELF: ANY_ROLE},
        Action.DECIDE: {Party.SUPPORTING: _APPROVERS},
    },
    Resource.SUBSIDY_RULE: {
        Action.READ: {Party.OWN: OFFICE | _ADMIN | _BUREAU, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _MEDICAL_AFFAIRS | _FINANCE | _BUREAU},
        Action.DECIDE: {Party.OWN: _FINANCE | _DEAN | _BUREAU},
    },
    Resource.SUBSIDY_BUDGET: {
        Action.READ: {Party.OWN: OFFICE | _BUREAU, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _FINANCE | _BUREAU},
    },
    Resource.PAYMENT_RUN: {
        Action.READ: {Party.OWN: _FINANCE | _DEAN},
        Action.WRITE: {Party.OWN: _FINANCE},
        Action.DECIDE: {Party.OWN: _DEAN},
    },
    Resource.BANK_ACCOUNT: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.OWN: _FINANCE},
        Action.WRITE: {Party.SELF: ANY_ROLE, Party.OWN: _FINANCE},
    },
    Resource.EVALUATION: {
        # Each writes their own part: whose turn it is, the evaluation itself says.
        Action.READ: {Party.SELF: ANY_ROLE, Party.SUPPORTING: OFFICE, Party.RECIPIENT: _SIGNERS, Party.BUREAU: _BUREAU},
        Action.WRITE: {
            Party.SELF: ANY_ROLE,
            Party.SUPPORTING: _MEDICAL_AFFAIRS | _DEAN,
            Party.RECIPIENT: _SIGNERS,
            Party.BUREAU: _BUREAU,
        },
    },
    Resource.PROMOTION: {
        Action.READ: {Party.SELF: ANY_ROLE, Party.OWN: _PERSONNEL | _MEDICAL_AFFAIRS | _DEAN, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _PERSONNEL},
    },
    Resource.PROMOTION_RULE: {
        Action.READ: {Party.OWN: OFFICE | _ADMIN | _BUREAU, Party.BUREAU: _BUREAU},
        Action.WRITE: {Party.OWN: _PERSONNEL | _BUREAU},
        Action.DECIDE: {Party.OWN: _PERSONNEL | _DEAN | _BUREAU},
    },
    Resource.LEDGER_IMPORT: {
        Action.READ: {Party.OWN: _MEDICAL_AFFAIRS | {Role.EDUCATION} | _BUREAU},
        Action.WRITE: {Party.OWN: _MEDICAL_AFFAIRS | {Role.EDUCATION} | _BUREAU},
    },
    Resource.AUDIT_TRAIL: {
        Action.READ: {Party.OWN: _ADMIN, Party.BUREAU: _BUREAU},
    },
}


def may(role: Role | None, action: Action, resource: Resource, parties: Iterable[Party]) -> bool:
    """Tell whether the table allows the action to an actor of this role who is these parties to the row."""
    allowed = TABLE[resource].get(action, {})
    return any(party in allowed and _role_fits(role, party, allowed[party]) for party in parties)


def parties_with(role: Role | None, action: Action, resource: Resource) -> frozenset[Party]:
    """Return the parties as which somebody in this role may act: what a list is narrowed to."""
    allowed = TABLE[resource].get(action, {})
    return frozenset(party for party, roles in allowed.items() if _role_fits(role, party, roles))


def _role_fits(role: Role | None, party: Party, roles: Roles) -> bool:
    # The person concerned needs no role: someone whose roles have ended still sees their own records.
    return party is Party.SELF or role in roles
