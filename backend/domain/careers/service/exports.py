"""A hospital's list for a title as a file, for the titles' office and for the periodic assessment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.careers.errors.promotion import NoRuleForTitle
from backend.domain.careers.printing.promotion_list import write_promotion_list
from backend.domain.careers.queries.eligibility import Judged, judge_hospital, titles_of
from backend.domain.careers.queries.papers import valid_codes
from backend.domain.careers.rules.assessment import assess
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.eligibility import arithmetic_of
from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind
from backend.domain.exports.service import Parameters, Progress, request_export
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.foundation.actor import Actor

_BATCH = 200


def request_promotion(actor: Actor, organisation_id: UUID, title: str, on: date) -> Export:
    """Ask for the list of a hospital's people for a title on a day as a spreadsheet.

    Raises:
        NotFound, Forbidden: the hospital's people are not the actor's to read.
        NoRuleForTitle: nobody has said what the title asks.
    """
    require_right(actor, Action.READ, Resource.PROMOTION, parties_to_own(actor, organisation_id))
    if title not in titles_of(organisation_id, on):
        raise NoRuleForTitle("该职称在所选日期没有已批准的晋升规则，没有可导出的内容。")
    parameters = {"organisation": str(organisation_id), "title": title, "on": on.isoformat()}
    return request_export(actor, ExportKind.PROMOTION, parameters, name=f"晋升资格-{title}-{on}")


def write_promotion_of(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    """Write the file that request_promotion asked for, and return how many people are in it."""
    title, on = parameters["title"], date.fromisoformat(parameters["on"])
    everybody = judge_hospital(actor, UUID(parameters["organisation"]), title, on)
    heading = f"申报{title}服务年限及医师定期考核对口支援情况（截至{on}）"
    return write_promotion_list(_rows(everybody, progress), file, heading=heading)


def _rows(everybody: list[Judged], progress: Progress) -> Iterator[list[str]]:
    codes = valid_codes([judged.person.id for judged in everybody])
    for number, judged in enumerate(everybody, start=1):
        yield _row(judged, "、".join(codes.get((judged.person.id, judged.verdict.title), [])))
        if number % _BATCH == 0:
            progress(number)


def _row(judged: Judged, codes: str) -> list[str]:
    person, verdict, tightest = judged.person, judged.verdict, judged.verdict.tightest
    assessment = assess(judged.stays, judged.refusals, verdict.on)
    by = judged.by
    return [
        person.name,
        person.staff_number,
        person.department.name if person.department else "",
        person.title,
        verdict.title,
        "符合" if verdict.is_eligible else "不符合",
        days_text(tightest.counted),
        str(tightest.demand.required_days),
        days_text(tightest.short),
        by.isoformat() if by else "",
        "；".join(item.text for item in judged.missing),
        "\n".join(
            f"{one.stay.place} {one.starts_on}至{one.ends_on}：{arithmetic_of(one)}" for one in tightest.segments
        ),
        "\n".join(f"{one.demand.name}：{sentence_of(one.demand)}依据{one.demand.document}" for one in verdict.findings),
        f"{assessment.first}至{assessment.last}",
        days_text(assessment.calendar),
        days_text(assessment.served),
        "；".join(assessment.evaluations),
        str(assessment.refusals),
        codes,
    ]
