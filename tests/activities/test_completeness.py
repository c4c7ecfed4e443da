"""What is missing or thin in a record, and what is missing in a week."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, exactly
from backend.domain.activities.rules.completeness import (
    Finding,
    FindingCode,
    Told,
    WeekTold,
    are_alike,
    findings_of_record,
    in_one_sentence,
    missing_in_week,
)
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, Proof

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (16, 17, 18, 19))
CONCLUSION = "考虑急性脑梗死，建议完善头颅核磁，继续抗血小板、调脂治疗，密切观察意识和肢体肌力变化，必要时转上级医院。"


def told(**more: Any) -> Told:
    return Told(**({"occurred_on": TUESDAY} | more))


def texts_of(kind: ActivityKind, record: Told, before: Told | None = None) -> list[str]:
    return [finding.text for finding in findings_of_record(KINDS[kind], record, before)]


def whole_lecture(**more: Any) -> Told:
    values = {"topic": "高血压规范管理"} | more.pop("values", {})
    proofs = frozenset(KINDS[ActivityKind.LECTURE].proofs)
    return told(**({"values": values, "person_times": exactly(32), "proofs": proofs} | more))


def whole_discussion(conclusion: str = CONCLUSION, **more: Any) -> Told:
    values = {"diagnosis": "脑梗死", "icd_10": "I63.9", "conclusion": conclusion} | more.pop("values", {})
    proofs = frozenset({Proof.SIGN_IN_SHEET})
    return told(**({"values": values, "person_times": exactly(9), "proofs": proofs} | more))


def test_nothing_is_said_of_a_whole_record() -> None:
    assert texts_of(ActivityKind.LECTURE, whole_lecture()) == []
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion()) == []


@pytest.mark.parametrize("kind", ActivityKind)
def test_of_every_kind_exactly_the_proofs_that_it_asks_for_are_missed(kind: ActivityKind) -> None:
    entry = KINDS[kind]
    missed = [one for one in findings_of_record(entry, told()) if one.code is FindingCode.NO_PROOF]
    assert len(missed) == (1 if entry.proofs else 0)
    held = told(proofs=frozenset(entry.proofs))
    assert FindingCode.NO_PROOF not in {one.code for one in findings_of_record(entry, held)}


def test_absent_proofs_are_told_together() -> None:
    photographed = whole_lecture(proofs=frozenset({Proof.PHOTO}))
    assert texts_of(ActivityKind.LECTURE, photographed) == ["没有签到表、课件资料"]


def test_an_audience_of_nobody_and_one_that_was_not_reported_are_two_things() -> None:
    assert texts_of(ActivityKind.LECTURE, whole_lecture(person_times=exactly(0))) == ["听课人次为0"]
    assert texts_of(ActivityKind.LECTURE, whole_lecture(person_times=NOT_REPORTED)) == ["没有填听课人次"]
    assert texts_of(ActivityKind.LECTURE, whole_lecture(person_times=Amount(20, at_least=True))) == []


def test_an_outpatient_clinic_must_tell_how_many_and_may_tell_none() -> None:
    assert texts_of(ActivityKind.OUTPATIENT_CLINIC, told()) == ["没有填上午、下午的人次数"]
    assert texts_of(ActivityKind.OUTPATIENT_CLINIC, told(quantity=exactly(0))) == []


def test_a_conclusion_of_a_few_characters_is_thin_whatever_marks_pad_it() -> None:
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion("同意原治疗。 。。。……")) == ["讨论结论只有5个字"]
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion("  ")) == ["没有填讨论结论"]
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion("同意原治疗继续观察三天")) == []


def test_a_diagnosis_without_its_code_is_told_where_the_kind_has_one() -> None:
    uncoded = whole_discussion(values={"icd_10": ""})
    assert texts_of(ActivityKind.DIFFICULT_CASE, uncoded) == ["没有填ICD-10 编码"]


def test_a_long_text_that_hardly_differs_from_the_last_one_was_pasted() -> None:
    before = whole_discussion(CONCLUSION, occurred_on=date(2026, 11, 12))
    changed = CONCLUSION.replace("三天", "五天").replace("密切观察", "注意观察")
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion(changed), before) == [
        "讨论结论与11月12日那条几乎相同"
    ]
    own = (
        "患者反复胸闷，心电图提示下壁导联改变，考虑急性冠脉综合征，已联系上级医院绿色通道，路上持续监护并备好急救药品。"
    )
    assert texts_of(ActivityKind.DIFFICULT_CASE, whole_discussion(own), before) == []


def test_width_case_blanks_and_marks_do_not_make_a_text_another() -> None:
    assert are_alike("建议完善头颅ＭＲＩ检查，观察３天。", "建议 完善 头颅mri检查 观察3天")


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("同意治疗", "同意治疗"),  # too short to tell
        ("继续原方案，观察血压变化", "继续原方案，观察血糖变化"),  # short: only equality tells
        ("", ""),
        (CONCLUSION, ""),
        (CONCLUSION, "同意"),
    ],
)
def test_short_texts_and_texts_of_their_own_are_not_taken_for_pasted(text: str, before: str) -> None:
    assert not are_alike(text, before)


def test_short_texts_are_pasted_when_they_are_equal() -> None:
    assert are_alike("继续原方案，观察血压变化", "继续原方案观察血压变化。")


def test_two_lectures_of_one_topic_are_odd_and_two_operations_of_one_name_are_not() -> None:
    before = whole_lecture(occurred_on=MONDAY)
    assert texts_of(ActivityKind.LECTURE, whole_lecture(), before) == ["题目与11月16日那条相同"]
    operation = told(values={"operation": "腹腔镜阑尾切除术"})
    assert texts_of(ActivityKind.SURGERY_OWN, operation, operation) == []


def test_two_visits_to_one_village_are_not_odd() -> None:
    visit = told(values={"place": "三道沟村"}, person_times=exactly(6))
    assert texts_of(ActivityKind.HOME_VISIT, visit, visit) == []


def codes_of(**week: Any) -> list[FindingCode]:
    return [finding.code for finding in missing_in_week(WeekTold(**week))]


def test_nothing_is_missing_in_a_week_in_which_nobody_was_there() -> None:
    assert codes_of(present=[], drafts=2) == []


def test_a_week_without_any_record_says_only_that() -> None:
    (finding,) = missing_in_week(WeekTold(present=[MONDAY, TUESDAY, WEDNESDAY]))
    assert finding == Finding(FindingCode.NO_RECORDS, "在岗3天，还没有工作日志")


def test_days_of_presence_without_a_record_are_named_and_no_more_than_three() -> None:
    week = WeekTold(present=[MONDAY, TUESDAY, WEDNESDAY], recorded={TUESDAY}, taught=True)
    assert [finding.text for finding in missing_in_week(week)] == ["11月16日、18日在岗，没有记录"]
    days = [date(2026, 11, day) for day in range(16, 21)]
    week = WeekTold(present=days, recorded={MONDAY}, taught=True)
    assert [finding.text for finding in missing_in_week(week)] == ["11月17日、18日、19日等4天在岗，没有记录"]


def test_a_month_is_named_once() -> None:
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)]
    week = WeekTold(present=days, recorded={days[-1]}, taught=True)
    assert [finding.text for finding in missing_in_week(week)] == ["11月30日、12月1日、2日在岗，没有记录"]


def test_a_week_of_three_days_without_teaching_is_told_and_a_visit_of_two_days_is_not() -> None:
    three = [MONDAY, TUESDAY, WEDNESDAY]
    assert codes_of(present=three, recorded=three) == [FindingCode.NO_TEACHING]
    assert codes_of(present=three, recorded=three, taught=True) == []
    assert codes_of(present=three[:2], recorded=three[:2]) == []


def test_drafts_are_told_to_who_wrote_them() -> None:
    assert codes_of(present=[MONDAY], recorded=[MONDAY], drafts=2) == [FindingCode.DRAFTS]


def test_what_is_missing_is_one_sentence_that_names_the_first_thin_records() -> None:
    missing = [Finding(FindingCode.NO_TEACHING, "还没有教学记录")]
    thin = [(f"11月{day}日讲座", [Finding(FindingCode.NO_PROOF, "没有签到表")]) for day in (16, 17, 18, 19)]
    assert in_one_sentence(missing, thin[:1]) == "本周还没有教学记录；11月16日讲座没有签到表。"
    assert in_one_sentence([], thin).endswith("11月18日讲座没有签到表；另有1条待完善。")
    assert in_one_sentence([], []) == ""


def test_teaching_is_what_somebody_learns_by() -> None:
    teaching = {kind for kind, entry in KINDS.items() if entry.teaches}
    assert {ActivityKind.LECTURE, ActivityKind.TEACHING_ROUND, ActivityKind.SURGERY_TAUGHT} <= teaching
    assert not teaching & {ActivityKind.OUTPATIENT_CLINIC, ActivityKind.SURGERY_OWN, ActivityKind.FREE_CLINIC}
