"""By what a patient is known, and who acts for whom."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

from backend.domain.accounts.rules import Sex, age_on, is_mobile_number, normalised_name

PATIENTS_AN_ACCOUNT = 6  # but for residents, of whom a village doctor has hundreds; an account has no organisation
_NAME_LENGTH = 40
_BETWEEN = "· '-"
_OLDEST_DAYS = 130 * 366


class IdentityKind(StrEnum):
    """By what paper one is known; farmers of seventy do not always have an ID card at hand."""

    ID_CARD = "id_card"
    HOUSEHOLD_BOOK = "household_book"
    SOCIAL_SECURITY_CARD = "social_security_card"
    DESK_WORD = "desk_word"  # the desk knows the person


class Relation(StrEnum):
    """What a patient is to the holder of an account."""

    SELF = "self"
    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    RELATIVE = "relative"
    RESIDENT = "resident"  # of the village doctor or the family-doctor team who books for them


IDENTITY_LABELS = {
    IdentityKind.ID_CARD: "身份证",
    IdentityKind.HOUSEHOLD_BOOK: "户口簿",
    IdentityKind.SOCIAL_SECURITY_CARD: "社会保障卡",
    IdentityKind.DESK_WORD: "服务台核实",
}
RELATION_LABELS = {
    Relation.SELF: "本人",
    Relation.PARENT: "父母",
    Relation.CHILD: "子女",
    Relation.SPOUSE: "配偶",
    Relation.RELATIVE: "亲属",
    Relation.RESIDENT: "签约居民",
}


@dataclass(frozen=True)
class Identity:
    """The number of a paper as it is stored, and what an ID card's number tells of its holder."""

    number: str = field(repr=False)
    masked: str
    key: str = field(repr=False)  # the same for one person, whichever paper bears the number
    sex: Sex | None = None
    born_on: date | None = None


def masked_name(name: str) -> str:
    """Return a name as others may see it: 张*兰, 张*, 阿**江."""
    if len(name) <= 2:
        return f"{name[:1]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, 2)}{name[-1]}"


def stored_name(name: str) -> str:
    """Return a name as it is kept: trimmed, one form of the middle dot, its rare characters as they were given."""
    return re.sub(r"[•・‧∙．]", "·", name.strip())


def why_not_name(name: str) -> str | None:
    """Say in Chinese why a stored name cannot be a person's, None when it can."""
    if not 2 <= len(name) <= _NAME_LENGTH:
        return f"姓名应为2到{_NAME_LENGTH}个字，请按证件填写。"
    if not all(_may_stand_in_name(mark) for mark in name):
        return "姓名只能包含汉字、字母和间隔号“·”，请删除表情、数字和其他符号。"
    if name[0] in _BETWEEN or name[-1] in _BETWEEN or re.search(r"[· '\-]{2}", name):
        return "姓名的间隔号应在两个字之间，请按证件填写。"
    return None


def _may_stand_in_name(mark: str) -> bool:
    if mark in _BETWEEN or mark == "〇":
        return True
    if 0x20000 <= ord(mark) <= 0x3FFFD:  # rare characters, some younger than this Python's tables
        return True
    category = unicodedata.category(mark)
    # A variation selector makes an emoji of a sign; those of the supplement choose a character's form.
    return category in ("Lu", "Ll", "Lo") or (category in ("Mn", "Mc") and not 0xFE00 <= ord(mark) <= 0xFE0F)


def why_not_telephone(telephone: str) -> str | None:
    """Say in Chinese why a normalised number cannot be called; mobile numbers can, and landlines with their area."""
    if is_mobile_number(telephone) or re.fullmatch(r"0[1-9]\d{8,10}", telephone, re.ASCII):
        return None
    return "请填写11位手机号，或带区号的固定电话。"


def normalised_number(number: str) -> str:
    """Return the number of a paper as it is compared: NFKC, capitals, without blanks and dashes."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number)).upper()


def read_identity(kind: IdentityKind, number: str, name: str, today: date) -> Identity | str:
    """Return what the number of a paper says, or in Chinese why it cannot be right.

    Household book and social-security card mostly bear the ID card's number (GB 11643): whichever is shown, it is one
    person. The number of a household is that of the whole family, so that the name belongs to its key.
    """
    number = normalised_number(number)
    if kind is IdentityKind.ID_CARD or re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return _read_citizen(number, today)
    if not re.fullmatch(r"[A-Z0-9]{6,20}", number, re.ASCII):
        return f"{IDENTITY_LABELS[kind]}号码应为6到20位字母或数字，请对照证件填写。"
    key = number if kind is IdentityKind.SOCIAL_SECURITY_CARD else household_key(number, name)
    return Identity(number=number, masked=_masked_number(number), key=key)


def household_key(number: str, name: str) -> str:
    """Return by what somebody is known who has shown a household book with a number of its own."""
    return f"{number}:{normalised_name(name)}"


def _read_citizen(number: str, today: date) -> Identity | str:
    try:
        ric.validate(number)
    except (InvalidLength, InvalidFormat):
        return "身份证号码应为18位，请对照证件填写。"
    except InvalidChecksum:
        return "身份证号码有误，请对照证件逐位核对。"
    except InvalidComponent:
        pass  # perhaps only the place: counties are founded, and permits of residence (81…, 9…) have none
    try:
        born_on = ric.get_birth_date(number)
    except InvalidComponent:
        born_on = date.max
    if not today - timedelta(days=_OLDEST_DAYS) <= born_on <= today:
        return "身份证号码中的出生日期有误，请对照证件逐位核对。"
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Identity(number=number, masked=_masked_number(number), key=number, sex=sex, born_on=born_on)


def _masked_number(number: str) -> str:
    # Fewer than the last four: those are what staff prove themselves by when they bind a telephone.
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def known_age(born_on: date | None, day: date) -> int | None:
    """Return how many years old somebody is on a day, None where nobody knows when they were born."""
    return None if born_on is None else age_on(day, born_on)


def why_not_birth(born_on: date, today: date) -> str | None:
    """Say in Chinese why somebody cannot have been born on a day, None when they can."""
    if not today - timedelta(days=_OLDEST_DAYS) <= born_on <= today:
        return "出生日期有误，请重新选择。"
    return None
