"""What a name, a number and a telephone may be, and how they are masked."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.accounts.rules import Sex
from backend.domain.patients.rules import (
    Identity,
    IdentityKind,
    known_age,
    masked_name,
    read_identity,
    stored_name,
    why_not_birth,
    why_not_name,
    why_not_telephone,
)

TODAY = date(2026, 11, 22)
WOMAN = "11010519491231002X"  # the standard's own example


def read(number: str, kind: IdentityKind = IdentityKind.ID_CARD, name: str = "罗桂兰") -> Identity | str:
    return read_identity(kind, number, name, TODAY)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("罗兰", "罗*"), ("罗桂兰", "罗*兰"), ("欧阳桂兰", "欧**兰"), ("阿布都热西提·买买提", "阿**提")],
)
def test_a_name_is_masked_but_for_its_ends(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    "name",
    [
        "罗桂兰",
        "阿布都热西提·买买提",
        "𠮷田",
        "李\U00030edd",
        "王㛃",
        "王〇",
        "Anna Maria O'Neill",
        "བསྟན འཛིན",
    ],
)
def test_names_of_all_peoples_pass_with_their_rare_characters(name: str) -> None:
    assert why_not_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "罗",
        "罗桂兰😀",
        "罗❤️兰",
        "罗\u200b兰",
        "罗\x07兰",
        "罗\n兰",
        "罗兰1",
        "罗兰（代）",
        "·罗兰",
        "罗··兰",
        "罗\ue000",
        "罗🏽兰",
        "字" * 41,
    ],
)
def test_what_no_paper_bears_is_no_name(name: str) -> None:
    assert why_not_name(name) is not None


def test_all_middle_dots_are_kept_as_one() -> None:
    assert stored_name(" 阿依•买买提 ") == stored_name("阿依・买买提") == "阿依·买买提"


def test_an_id_card_tells_sex_and_birth_and_keeps_its_last_four_to_itself() -> None:
    identity = read(" 110105 19491231-002x ")
    assert isinstance(identity, Identity)
    assert (identity.number, identity.sex, identity.born_on) == (WOMAN, Sex.FEMALE, date(1949, 12, 31))
    assert identity.masked == "110*************2X"
    assert "002X" not in identity.masked


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # another last digit
        "11010519491231012X",  # another digit within
        "1101051949123100",  # too short
        "11010519491331002X",  # no such month
        "110105491231002",  # the old kind of fifteen
        "一二三",
    ],
)
def test_an_id_card_with_a_wrong_digit_is_refused(number: str) -> None:
    assert isinstance(read(number), str)


def test_a_birth_that_lies_ahead_is_refused_though_the_digit_fits() -> None:
    assert isinstance(read_identity(IdentityKind.ID_CARD, WOMAN, "罗桂兰", date(1949, 12, 30)), str)


def test_a_permit_of_residence_has_no_county_and_is_read_all_the_same() -> None:
    identity = read("810000199408230021")
    assert isinstance(identity, Identity)
    assert identity.born_on == date(1994, 8, 23)


def test_the_same_number_on_another_paper_is_the_same_person() -> None:
    card, book = read(WOMAN), read(WOMAN, IdentityKind.HOUSEHOLD_BOOK)
    social = read(WOMAN, IdentityKind.SOCIAL_SECURITY_CARD)
    assert isinstance(card, Identity) and isinstance(book, Identity) and isinstance(social, Identity)  # noqa: PT018
    assert card.key == book.key == social.key


def test_a_citizens_number_with_a_wrong_digit_is_wrong_on_every_paper() -> None:
    assert isinstance(read("110105194912310021", IdentityKind.HOUSEHOLD_BOOK), str)


def test_a_household_s_number_is_the_whole_family_s_and_each_is_told_by_name() -> None:
    mother = read("530123456", IdentityKind.HOUSEHOLD_BOOK, "罗桂兰")
    son = read("530123456", IdentityKind.HOUSEHOLD_BOOK, "李有才")
    assert isinstance(mother, Identity) and isinstance(son, Identity)  # noqa: PT018
    assert mother.key != son.key


@pytest.mark.parametrize(("telephone", "passes"), [("13900001234", True), ("08702261234", True), ("12345", False)])
def test_a_telephone_can_be_called(telephone: str, passes: bool) -> None:
    assert (why_not_telephone(telephone) is None) is passes


@pytest.mark.parametrize(("born_on", "age"), [(date(1956, 11, 22), 70), (date(1956, 11, 23), 69), (None, None)])
def test_one_is_a_year_older_on_one_s_birthday(born_on: date | None, age: int | None) -> None:
    assert known_age(born_on, TODAY) == age


def test_nobody_was_born_tomorrow_or_two_hundred_years_ago() -> None:
    assert why_not_birth(date(2026, 11, 23), TODAY) is not None
    assert why_not_birth(date(1826, 1, 1), TODAY) is not None
    assert why_not_birth(TODAY, TODAY) is None
