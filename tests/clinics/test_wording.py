"""How a clinic is put into words for patients."""

from __future__ import annotations

from datetime import datetime

import pytest

from backend.domain.clinics.rules.wording import fee_label, number_label, what_label, where_label, window_label
from backend.foundation.clock import SHANGHAI

_FIRST = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
_LAST = datetime(2026, 10, 1, 9, 30, tzinfo=SHANGHAI)


def test_the_window_names_day_weekday_and_hours() -> None:
    assert window_label(_FIRST, _LAST) == "10月1日（周四）9:00至9:30"


def test_the_number_comes_with_its_window_and_fits_into_a_template() -> None:
    label = number_label(112, _FIRST, _LAST)
    assert label == "112号，9:00至9:30到院"
    assert len(label) <= 20


@pytest.mark.parametrize(("fen", "label"), [(0, "免费"), (1500, "15元"), (750, "7.50元")])
def test_a_fee_is_shown_in_yuan(fen: int, label: str) -> None:
    assert fee_label(fen) == label


def test_a_site_named_after_its_hospital_is_not_named_twice() -> None:
    assert where_label("青石镇卫生院", "青石镇卫生院门诊楼") == "青石镇卫生院门诊楼"
    assert where_label("青石镇卫生院", "院本部") == "青石镇卫生院院本部"


def test_an_expert_without_a_department_is_named_all_the_same() -> None:
    assert what_label("吕芬春", "主治医师", None) == "吕芬春主治医师"
    assert what_label("吕芬春", "主治医师", "内科") == "内科 吕芬春主治医师"
