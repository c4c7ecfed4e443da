"""Rules of organisations: places, titles, settings, and the working calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.organisations.rules.places import CoordinateSystem, Point, distance_m, gcj02_from_wgs84, point_from
from backend.domain.organisations.rules.settings import SETTINGS, why_not_setting
from backend.domain.organisations.rules.titles import may_follow, title_rank
from backend.domain.organisations.rules.working_days import WorkingCalendar


def test_the_conversion_gives_the_published_example_of_beijing() -> None:
    converted = gcj02_from_wgs84(Point(116.404, 39.915))
    assert converted.longitude == pytest.approx(116.41024449916938, abs=1e-9)
    assert converted.latitude == pytest.approx(39.91640428150164, abs=1e-9)


@given(st.floats(75, 134), st.floats(18, 53))
def test_the_conversion_moves_a_place_by_some_hundred_metres_and_never_by_kilometres(
    longitude: float, latitude: float
) -> None:
    place = Point(longitude, latitude)
    assert distance_m(place, gcj02_from_wgs84(place)) < 1500


def test_a_place_that_is_told_in_gcj02_stays_where_it_is() -> None:
    assert point_from(103.2, 27.3, CoordinateSystem.GCJ_02) == Point(103.2, 27.3)
    assert point_from(103.2, 27.3, CoordinateSystem.WGS_84) == gcj02_from_wgs84(Point(103.2, 27.3))


def test_one_degree_of_latitude_is_a_sixtieth_of_sixty_sea_miles() -> None:
    assert distance_m(Point(103, 27), Point(103, 28)) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize(
    ("title", "rank"), [("护士", 0), ("主治医师", 2), ("副主任技师", 3), ("主任医师", 4), ("神医", None)]
)
def test_titles_of_all_professions_share_one_series(title: str, rank: int | None) -> None:
    assert title_rank(title) == rank


@pytest.mark.parametrize(
    ("title", "held", "may"),
    [
        ("副主任医师", "主治医师", True),
        ("副主任医师", "住院医师", True),
        ("副主任医师", "副主任医师", False),
        ("副主任医师", "主任医师", False),
        ("副主任医师", "主管护师", False),
        ("副主任护师", "护士", True),
        ("副主任医师", "", True),
        ("高级工程师", "主管技师", True),
    ],
)
def test_a_title_is_sought_by_who_holds_a_lower_one_of_its_series(title: str, held: str, may: bool) -> None:
    assert may_follow(title, held) is may


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 9, 2), True),
        (date(2026, 9, 5), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday that is worked in exchange
        (date(2027, 1, 4), None),
    ],
)
def test_working_days_follow_the_published_calendar_and_are_never_guessed(day: date, working: bool | None) -> None:
    assert WorkingCalendar().is_working_day(day) is working


def test_only_free_days_carry_the_name_of_a_holiday() -> None:
    holiday_name = WorkingCalendar().holiday_name
    assert holiday_name(date(2026, 10, 1)) == "国庆节"
    assert holiday_name(date(2026, 10, 10)) is None
    assert holiday_name(date(2026, 9, 5)) is None
    assert holiday_name(date(2027, 1, 1)) is None


def test_what_decides_rights_has_no_preset_and_needs_its_document() -> None:
    for definition in SETTINGS.values():
        if definition.needs_document:
            assert definition.preset is None
            assert why_not_setting(definition, definition.preset, document_number="") is not None


@pytest.mark.parametrize(
    ("key", "value", "fine"),
    [
        ("dispatch.maximum_age", 55, True),
        ("dispatch.maximum_age", 55.0, False),
        ("dispatch.maximum_age", True, False),
        ("dispatch.maximum_age", 17, False),
        ("dispatch.maximum_age", None, True),
        ("dispatch.minimum_title", "主治医师", True),
        ("dispatch.minimum_title", "神医", False),
        ("attendance.late_upload_days", 0, True),
        ("attendance.late_upload_days", 32, False),
    ],
)
def test_a_setting_takes_only_what_it_can_mean(key: str, value: object, fine: bool) -> None:
    assert (why_not_setting(SETTINGS[key], value, document_number="云卫发〔2026〕1号") is None) is fine
