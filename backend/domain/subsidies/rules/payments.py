"""How runs and payments are called, what may be done with them, and words of banks that are safe to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from backend.domain.subsidies.rules.bank import masked

LONGEST_REASON = 200
REFERENCES_BEGIN = "BF"
_LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){7,}", re.ASCII)
_NOT_OF_A_REFERENCE = re.compile(r"[^0-9A-Z]")


class LeftOut(StrEnum):
    """Why somebody whose claims are approved is not paid in a run."""

    NOTHING_DUE = "nothing_due"  # what is taken back is as much, or more
    NO_ACCOUNT = "no_account"


LEFT_OUT_TEXTS: Mapping[LeftOut, str] = {
    LeftOut.NOTHING_DUE: "抵扣后没有应发金额，留待以后的补贴继续抵扣",
    LeftOut.NO_ACCOUNT: "没有登记收款账号，登记后可在下一批次发放",
}


@dataclass(frozen=True)
class ApprovedClaim:
    """What of a claim decides how it is paid."""

    id: UUID
    person_id: UUID
    total_fen: int


@dataclass(frozen=True)
class Share:
    """What one person's approved claims come to; `left_out` where they are not paid now."""

    person_id: UUID
    claim_ids: tuple[UUID, ...]
    net_fen: int
    left_out: LeftOut | None


def shares_of(claims: Iterable[ApprovedClaim], with_account: Iterable[UUID]) -> list[Share]:
    """Return what each person gets: their claims together, those that take back too."""
    known = set(with_account)
    of_person = attrgetter("person_id")
    return [_share(person_id, list(own), known) for person_id, own in groupby(sorted(claims, key=of_person), of_person)]


def _share(person_id: UUID, own: list[ApprovedClaim], with_account: set[UUID]) -> Share:
    net = sum(claim.total_fen for claim in own)
    left_out = LeftOut.NOTHING_DUE if net <= 0 else None if person_id in with_account else LeftOut.NO_ACCOUNT
    return Share(person_id, tuple(claim.id for claim in own), net, left_out)


def run_label(year: int, number: int) -> str:
    """Return how a run is called: 2026-003."""
    return f"{year}-{number:03d}"


def payment_reference(year: int, number: int, position: int) -> str:
    """Return the 流水号 of a payment, which the bank gives back: with letters, so that no spreadsheet rounds it."""
    return f"{REFERENCES_BEGIN}{year}{number:03d}-{position:04d}"


def same_reference(written: str) -> str:
    """Return a reference as it is compared: banks change its case, drop its hyphen and put blanks around it."""
    return _NOT_OF_A_REFERENCE.sub("", unicodedata.normalize("NFKC", written).upper())


def safe_reason(written: str) -> str:
    """Return what a bank or somebody wrote about a payment, with numbers as long as an account's masked."""
    line = " ".join(unicodedata.normalize("NFKC", written).split())
    return _LONG_NUMBER.sub(lambda found: masked(re.sub(r"\D", "", found[0])), line)[:LONGEST_REASON]
