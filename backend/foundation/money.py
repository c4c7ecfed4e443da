"""Money: whole fen everywhere, yuan only where people write and read it."""

from __future__ import annotations

import re
import unicodedata

_YUAN = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
LARGEST_FEN = 10**13


class NotMoney(ValueError):
    """It is no sum in yuan, or has a fraction of a fen."""


def yuan(fen: int) -> str:
    """Return a sum in yuan as it is written: 123456 is 1,234.56."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def fen_of(text: str) -> int:
    """Return a sum that somebody wrote in yuan, in fen; it may have separators, a sign and full-width digits.

    Raises:
        NotMoney: it is no such sum, has more than two decimals, or is out of all proportion.
    """
    found = _YUAN.fullmatch(unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip())
    if found is None:
        raise NotMoney
    sign, whole, cents = found.groups()
    fen = int(whole.replace(",", "")) * 100 + int((cents or "").ljust(2, "0") or 0)
    if fen > LARGEST_FEN:
        raise NotMoney
    return -fen if sign else fen
