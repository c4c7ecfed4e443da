"""By what a patient is known, and who acts for whom."""

from __future__ import annotations

from enum import StrEnum


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
