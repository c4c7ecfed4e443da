"""Numbers of bank accounts: how they are written, which cannot be, and what of them may be seen."""

from __future__ import annotations

import re
import unicodedata

LONGEST_BANK = 60  # characters of a bank's name with its branch
_SEPARATORS = re.compile(r"[\s\-·]")
_NUMBER = re.compile(r"\d{8,30}", re.ASCII)
# UnionPay's cards carry a check digit (ISO/IEC 7812-1, annex B); passbooks of credit unions carry none.
_CARD = re.compile(r"62\d{14,17}", re.ASCII)
_SHOWN = 4
_LONG_ENOUGH_FOR_ITS_HEAD = 12


class NotAnAccount(ValueError):
    """It is no number of a bank account; the text never quotes it."""


def account_number(written: str) -> str:
    """Return the digits of an account as somebody wrote it: with blanks, hyphens, or in full-width digits.

    Raises:
        NotAnAccount: it is none, or a card whose check digit does not fit.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", written))
    if not _NUMBER.fullmatch(number) or (_CARD.fullmatch(number) and not _check_digit_fits(number)):
        raise NotAnAccount
    return number


def masked(number: str) -> str:
    """Return what of an account number may be seen: its last digits, of long ones the first too."""
    head = number[:_SHOWN] if len(number) >= _LONG_ENOUGH_FOR_ITS_HEAD else ""
    return f"{head} **** {number[-_SHOWN:]}".strip()


def _check_digit_fits(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
