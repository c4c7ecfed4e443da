"""Who somebody is must not stand in free text: what is noticed, and what is left alone."""

from __future__ import annotations

import pytest

from backend.domain.activities.rules.identifying import identifying_in, warnings_of
from backend.domain.activities.rules.kinds import KINDS, ActivityKind


def codes(text: str) -> set[str]:
    return {one.code for one in identifying_in(text)}


@pytest.mark.parametrize(
    "text",
    [
        "患者张三丰诉头痛",
        "患者：李梅，女，52岁",
        "病人于建国因胸痛入院",
        "家属王芳来院",
        "姓名：欧阳锋",
        "其子赵大海在场",
        "患者姓名 李 梅",
        "张建国，男，45岁，胸痛2小时",
        "今日查房：陈秀英（女，70岁）",
        "阿依古丽·买买提来诊",
    ],
)
def test_a_full_name_is_noticed(text: str) -> None:
    assert codes(text) == {"full_name"}


@pytest.mark.parametrize(
    "text",
    [
        "患者高血压病史10年，全身水肿",
        "患者于昨日入院，严重感染",
        "患者男性，45岁",
        "病人王某，男，60岁",
        "患者李某某",
        "病人家属要求出院",
        "患者周身疼痛，白细胞升高",
        "患者左下肢肿胀，患者管理",
        "患者何时可以出院",
        "内科王芳医生主讲，护士长李梅参加",
        "血压120/80，心率98次",
    ],
)
def test_what_only_looks_like_a_name_is_left_alone(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "530112197001011234",
        "证件 53011219700101123X。",
        "５３０１１２１９７００１０１１２３４",
        "530112 19700101 1234",
        "530112700101123",
    ],
)
def test_an_identity_number_is_noticed(text: str) -> None:
    assert codes(text) == {"identity_number"}


@pytest.mark.parametrize(
    "text",
    [
        "13887654321",
        "138 8765 4321",
        "138-8765-4321",
        "+86 13887654321",
        "１３８８７６５４３２１",
        "0871-65432101",
        "(0871)65432101",
        "010 65432101",
        "电话：6543210",
        "联系方式 6543-2101",
    ],
)
def test_a_telephone_number_is_noticed(text: str) -> None:
    assert codes(text) == {"telephone_number"}


@pytest.mark.parametrize(
    "text", ["病案号2026001234", "00123456", "2026-11-22", "剂量 12500 单位", "I63.900x001", "1388765432"]
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert codes(text) == set()


def test_each_field_is_warned_of_by_its_name() -> None:
    values = {
        "diagnosis": "脑梗死",
        "conclusion": "患者张三丰，电话13887654321",
        "patient_record_number": "530112197001011234",
    }

    warned = warnings_of(KINDS[ActivityKind.DIFFICULT_CASE], values)

    assert [(one.field, one.code) for one in warned] == [
        ("conclusion", "telephone_number"),
        ("conclusion", "full_name"),
        ("patient_record_number", "identity_number"),
    ]
    assert "张某" in warned[1].text
    assert warned[0].text.startswith("讨论结论")
