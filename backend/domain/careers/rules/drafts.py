"""What a proposed rule and an entered paper must say to be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.careers.rules.promotion import ServiceMeasure

_MOST_DAYS = 3660
_LONGEST = 100  # characters


@dataclass(frozen=True, kw_only=True)
class PromotionRuleDraft:
    """A rule as it is proposed; `until` is its last day, None for no end."""

    title: str
    name: str
    starts_on: date
    until: date | None = None
    measure: ServiceMeasure
    required_days: int
    minimum_dispatch_days: int | None = None
    days_a_week: int | None = None
    needs_evaluation: bool = False
    refusal_blocks_months: int | None = None
    document_title: str
    document_number: str


@dataclass(frozen=True, kw_only=True)
class ServiceDraft:
    """Service that is entered from a paper."""

    organisation_name: str
    starts_on: date
    ends_on: date
    served_days: int
    evaluation_passed: bool = False
    document_title: str
    document_number: str = ""


def why_not_rule(draft: PromotionRuleDraft) -> dict[str, list[str]]:
    """Say in Chinese what is wrong with a proposed rule, by field; empty when nothing is."""
    wrong = _texts_wrong(
        title=(draft.title, "请填写拟申报的职称，如“副主任医师”。"),
        name=(draft.name, "请填写规则名称，如“医师法第四十六条”。"),
        document_title=(draft.document_title, "请填写依据文件：没有依据的规则不能决定晋升。"),
        document_number=(draft.document_number, "请填写文号。"),
    )
    for field, number, most, unit in (
        ("required_days", draft.required_days, _MOST_DAYS, "天"),
        ("minimum_dispatch_days", draft.minimum_dispatch_days, _MOST_DAYS, "天"),
        ("days_a_week", draft.days_a_week, 5, "天"),
        ("refusal_blocks_months", draft.refusal_blocks_months, 120, "个月"),
    ):
        if number is not None and not 1 <= number <= most:
            wrong[field] = [f"请填写1至{most}{unit}。"]
    if draft.until is not None and draft.until < draft.starts_on:
        wrong["until"] = ["结束日期不能早于起始日期。"]
    return wrong


def why_not_service(draft: ServiceDraft, today: date) -> dict[str, list[str]]:
    """Say in Chinese what is wrong with service that is entered, by field; empty when nothing is."""
    wrong = _texts_wrong(
        organisation_name=(draft.organisation_name, "请填写服务单位。"),
        document_title=(draft.document_title, "请填写证明材料名称。"),
    )
    if draft.ends_on < draft.starts_on:
        wrong["ends_on"] = ["结束日期不能早于起始日期。"]
    elif draft.ends_on >= today:
        wrong["ends_on"] = ["只能登记已经结束的服务。"]
    elif not 1 <= draft.served_days <= (draft.ends_on - draft.starts_on).days + 1:
        wrong["served_days"] = [f"实际天数应在1至{(draft.ends_on - draft.starts_on).days + 1}天之间。"]
    return wrong


def _texts_wrong(**texts: tuple[str, str]) -> dict[str, list[str]]:
    wrong = {field: [advice] for field, (text, advice) in texts.items() if not text.strip()}
    too_long = {field: [f"不超过{_LONGEST}个字。"] for field, (text, _advice) in texts.items() if len(text) > _LONGEST}
    return wrong | too_long
