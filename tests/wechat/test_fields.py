"""Template fields: WeChat's limits, at both sides of each."""

from __future__ import annotations

import pytest

from backend.wechat.fields import problems_of_fields

GOOD = {
    "thing": ["柳", "柳" * 20, "A1 b，！", "𠮷" * 20],
    "number": ["0", "1" * 32, "3.14", "-2"],
    "letter": ["a", "Z" * 32],
    "symbol": ["+", "★★★★★"],
    "character_string": ["A-1/2:3", "x" * 32],
    "time": ["15:01", "9:05", "2026年10月1日 15:01", "15:01~16:30", "2026年10月1日 15:01~2026年10月2日 8:00"],
    "date": ["2026年10月1日", "2026年10月01日 15:01", "2026年10月1日~2026年10月3日"],
    "amount": ["¥600", "600", "￥1234567890", "10.50元"],
    "phone_number": ["13800000000", "+86-0766-66888866", "(0766) 6688"],
    "car_number": ["粤A8Z888挂", "粤AD12345", "A12345"],
    "name": ["张三", "张" * 10, "买买提·艾力", "x" * 20, "Dr. Li", "𠮷田"],
    "phrase": ["上午", "已经停诊了"],
}
BAD = {
    "thing": ["", "  ", "柳" * 21, "两\n行"],
    "number": ["", "1" * 33, "一", "1.", "１２"],
    "letter": ["", "Z" * 33, "a1", "字"],
    "symbol": ["", "******", "a", "字"],
    "character_string": ["", "x" * 33, "有汉字", "a b"],
    "time": ["", "25:00", "15:60", "2026-10-01 15:01", "2026年13月1日 15:01", "明天"],
    "date": ["", "2026-10-01", "2026年10月32日", "15:01"],
    "amount": ["", "¥", "¥¥1", "12345678901", "六百元"],
    "phone_number": ["", "1" * 18, "电话"],
    "car_number": ["", "粤A8Z88888", "粤粤粤"],
    "name": ["", "张" * 11, "x" * 21, "张3"],
    "phrase": ["", "六个汉字太长", "a"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in GOOD for value in GOOD[kind]])
def test_a_value_within_the_limits_passes(kind: str, value: str) -> None:
    assert problems_of_fields({f"{kind}1": value, "phrase2": "上午"}) == {}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in BAD for value in BAD[kind]])
def test_a_value_beyond_them_is_named_with_its_rule(kind: str, value: str) -> None:
    problems = problems_of_fields({f"{kind}1": value, "phrase2": "上午"})

    assert list(problems) == [f"{kind}1"]
    assert f"字段“{kind}1”的内容不合要求：" in problems[f"{kind}1"]


@pytest.mark.parametrize("name", ["thing", "unknown1", "thing1x", "", "1"])
def test_a_field_that_no_template_can_have_is_refused(name: str) -> None:
    assert name in problems_of_fields({name: "值", "phrase2": "上午"})


@pytest.mark.parametrize(("count", "passes"), [(0, False), (1, False), (2, True), (5, True), (6, False)])
def test_a_message_has_two_to_five_fields(count: int, passes: bool) -> None:
    problems = problems_of_fields({f"thing{number}": "值" for number in range(1, count + 1)})

    assert (problems == {}) == passes
