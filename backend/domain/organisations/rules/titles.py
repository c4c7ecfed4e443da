"""Professional titles (职称) by rank."""

from __future__ import annotations

TITLES_BY_RANK: tuple[tuple[str, ...], ...] = (
    ("医士", "护士", "技士", "药士"),
    ("住院医师", "医师", "护师", "技师", "药师"),
    ("主治医师", "主管护师", "主管技师", "主管药师"),
    ("副主任医师", "副主任护师", "副主任技师", "副主任药师"),
    ("主任医师", "主任护师", "主任技师", "主任药师"),
)
"""Professional titles from junior to senior, as the state's title series name them (士级, 师级, 中级, 副高, 正高)."""


def title_rank(title: str) -> int | None:
    """Return the rank of a title from 0 (junior) to 4 (senior), None for a title that is not in the series."""
    for rank, titles in enumerate(TITLES_BY_RANK):
        if title in titles:
            return rank
    return None


def may_follow(title: str, held: str) -> bool:
    """Tell whether a title is one to apply for by somebody who holds another: a higher one of the same series.

    Where either is not in the series nobody can tell, so that it may.
    """
    sought, has = title_rank(title), title_rank(held)
    if sought is None or has is None:
        return True
    return has < sought and title[-2] == held[-2]  # 医, 护, 技 or 药
