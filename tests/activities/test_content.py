"""What a record of each kind may hold, and in which words the rest is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.activities.errors.records import ContentInvalid
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount
from backend.domain.activities.rules.content import Content, read_content, shown_value
from backend.domain.activities.rules.fields import FieldKind
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, KindEntry
from tests.support.activity_content import content_for

LECTURE = {"topic": "高血压规范管理", "person_times": 46}
DISCUSSION = {"diagnosis": "脑梗死", "conclusion": "继续抗凝"}


def read(kind: ActivityKind, given: dict[str, Any], **how: Any) -> Content:
    return read_content(KINDS[kind], given, **how)


def faults(kind: ActivityKind, given: dict[str, Any], **how: Any) -> dict[str, str]:
    with pytest.raises(ContentInvalid) as refused:
        read(kind, given, **how)
    return {name: texts[0] for name, texts in refused.value.fields.items()}


@pytest.mark.parametrize("entry", KINDS.values(), ids=lambda entry: entry.kind)
def test_every_kind_takes_its_own_fields_and_keeps_those_about_a_patient_apart(entry: KindEntry) -> None:
    given = content_for(entry)

    content = read_content(entry, given)

    assert {**content.details, **content.clinical} == given
    assert set(content.clinical) == entry.clinical_fields
    assert content.title == given.get(entry.title, "")
    assert content.quantity.value == (sum(given[name] for name in entry.quantity) if entry.quantity else 1)
    assert content.person_times.value == given.get(entry.person_times)


@pytest.mark.parametrize("entry", KINDS.values(), ids=lambda entry: entry.kind)
def test_every_kind_says_which_of_its_fields_are_missing_unless_it_is_a_draft(entry: KindEntry) -> None:
    required = {field.name: field.label for field in entry.fields if field.required}

    drafted = read_content(entry, {}, complete=False)

    assert (drafted.details, drafted.clinical, drafted.title) == ({}, {}, "")
    if required:
        missing = faults(entry.kind, {})
        assert set(missing) == set(required)
        assert all(label in missing[name] for name, label in required.items())


def test_what_a_kind_does_not_have_is_refused() -> None:
    assert "anaesthesia" in faults(ActivityKind.LECTURE, LECTURE | {"anaesthesia": "local"})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (10_000, "听课人次最多2000人次"),
        (-1, "不能是负数"),
        (True, "应为整数"),
        (46.0, "应为整数"),
        ("46", "应为整数"),
        (10**40, "最多2000"),
    ],
)
def test_an_audience_that_cannot_be_is_refused_by_name(given: Any, sentence: str) -> None:
    assert sentence in faults(ActivityKind.LECTURE, LECTURE | {"person_times": given})["person_times"]


def test_a_reported_zero_is_kept_and_a_blank_is_not_reported() -> None:
    nobody = read(ActivityKind.LECTURE, LECTURE | {"person_times": 0})
    silent = read(ActivityKind.OUTPATIENT_CLINIC, {"morning": None, "note": " \u200b"})
    half = read(ActivityKind.OUTPATIENT_CLINIC, {"afternoon": 0})

    assert nobody.person_times == Amount(0)
    assert silent.quantity == NOT_REPORTED
    assert silent.details == {}
    assert half.quantity == Amount(0)


def test_halves_of_a_day_are_summed() -> None:
    assert read(ActivityKind.OUTPATIENT_CLINIC, {"morning": 23, "afternoon": 9}).quantity == Amount(32)


@pytest.mark.parametrize(("given", "kept"), [(1, 1.0), (1.5, 1.5), (12, 12.0)])
def test_hours_go_by_halves(given: float, kept: float) -> None:
    assert read(ActivityKind.LECTURE, LECTURE | {"hours": given}).details["hours"] == kept


@pytest.mark.parametrize("given", [0, -1, 12.5, 1.25, float("nan"), float("inf"), "2", True])
def test_other_hours_are_refused(given: Any) -> None:
    assert "学时" in faults(ActivityKind.LECTURE, LECTURE | {"hours": given})["hours"]


def test_a_line_stays_one_line_and_a_long_text_keeps_its_lines() -> None:
    content = read(ActivityKind.DIFFICULT_CASE, {"diagnosis": " 脑梗死\n 恢复期 ", "conclusion": "一\r\n二\t三\n"})

    assert content.title == "脑梗死 恢复期"
    assert content.clinical["conclusion"] == "一\n二 三"


@pytest.mark.parametrize("given", ["\x00", "高\x07", "\ud800", 5, ["高血压"]])
def test_what_is_no_text_is_refused(given: Any) -> None:
    assert "题目" in faults(ActivityKind.LECTURE, LECTURE | {"topic": given})["topic"]


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    assert faults(ActivityKind.LECTURE, LECTURE | {"topic": "长" * 61})["topic"] == "题目最多60个字，现在有61个字。"


def test_a_choice_is_one_of_the_words() -> None:
    assert "医护人员" in faults(ActivityKind.LECTURE, LECTURE | {"audience": "everybody"})["audience"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("I63", "I63"),
        ("I63.9", "I63.9"),
        ("i63.900x001", "I63.900x001"),
        ("Ｉ６３．９００Ｘ００１", "I63.900x001"),
        ("I10.X00X002", "I10.x00x002"),
        ("I63。9", "I63.9"),
        ("I639", "I63.9"),
        ("I63.", "I63"),
        ("E11.200x021+", "E11.200x021+"),
        ("x59.9", "X59.9"),
    ],
)
def test_a_code_of_icd_10_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert read(ActivityKind.DIFFICULT_CASE, DISCUSSION | {"icd_10": given}).details["icd_10"] == kept


@pytest.mark.parametrize(
    "given", ["63.9", "I6", "II3.9", "I63.9999", "I63.900y001", "脑梗死", "I63.9;DROP", "I63.900x01", 63]
)
def test_what_is_no_code_of_icd_10_is_refused(given: Any) -> None:
    assert "ICD-10" in faults(ActivityKind.DIFFICULT_CASE, DISCUSSION | {"icd_10": given})["icd_10"]


@pytest.mark.parametrize(
    ("given", "kept"), [("王", "王"), ("欧阳", "欧阳"), ("王某某", "王"), ("李氏", "李"), (" 张 ", "张")]
)
def test_a_patient_is_known_by_the_surname(given: str, kept: str) -> None:
    assert (
        read(ActivityKind.DIFFICULT_CASE, DISCUSSION | {"patient_surname": given}).clinical["patient_surname"] == kept
    )


@pytest.mark.parametrize("given", ["王芳", "欧阳锋", "张建国", "Wang", "王 芳"])
def test_a_full_name_of_a_patient_is_refused_with_a_sentence(given: str) -> None:
    sentence = faults(ActivityKind.DIFFICULT_CASE, DISCUSSION | {"patient_surname": given})["patient_surname"]
    assert sentence == "患者姓氏只填姓，例如“王”或“欧阳”，不要填写患者全名。"


@pytest.mark.parametrize("given", ["2026-11-10", "20261101", "2026-02-30", "1026-01-01", 20261101, "２０２６-11-01"])
def test_a_first_day_is_a_day_that_has_been_when_the_record_is_of(given: Any) -> None:
    technique = {"technique": "经食管超声", "cases": 3, "first_on": given}
    assert "首次开展" in faults(ActivityKind.NEW_TECHNIQUE, technique, occurred_on=date(2026, 11, 9))["first_on"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(list(KINDS.values())), st.data())
@settings(max_examples=300)
def test_whatever_a_phone_sends_is_kept_as_json_or_refused_with_sentences(
    entry: KindEntry, data: st.DataObject
) -> None:
    names = st.sampled_from([field.name for field in entry.fields]) | st.text(max_size=5)
    said = data.draw(st.dictionaries(names, ANYTHING, max_size=6))

    outcome = outcome_of(entry, said)

    if isinstance(outcome, ContentInvalid):
        assert set(outcome.fields) <= set(said)
        assert all(texts[0].endswith("。") for texts in outcome.fields.values())
    else:
        kept = {**outcome.details, **outcome.clinical}
        assert orjson.loads(orjson.dumps(kept)) == kept
        assert read_content(entry, kept, complete=False) == outcome


def outcome_of(entry: KindEntry, said: dict[str, Any]) -> Content | ContentInvalid:
    try:
        return read_content(entry, said, complete=False)
    except ContentInvalid as refused:
        return refused


def test_values_are_shown_as_people_read_them() -> None:
    entry = KINDS[ActivityKind.LECTURE]

    assert shown_value(entry.field("audience"), "village_doctors") == "乡村医生"
    assert shown_value(entry.field("hours"), 1.5) == "1.5小时"
    assert shown_value(entry.field("hours"), 2.0) == "2小时"
    assert shown_value(entry.field("person_times"), 0) == "0人次"
    assert {field.kind for entry in KINDS.values() for field in entry.fields} == set(FieldKind)
