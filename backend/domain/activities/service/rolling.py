"""Folding the tail of changes into the figures of months and years."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text

from backend.domain.activities.rules.figures import MEASURES, MEASURES_BEFORE
from backend.foundation.transaction import transaction

BATCH = 20_000  # rows of the tail
_PAIR = "recipient_id, supporting_id, kind"
_NAMES = ", ".join(MEASURES)
_BEFORE = [f"before_{name}" for name in MEASURES_BEFORE]


def _add_to(table: str, period: str, measures: Iterable[str], rows: str) -> str:
    """Return the SQL that adds rows to those of a table, in one order whoever does so."""
    names, sums = ", ".join(measures), ", ".join(f"sum({name})" for name in measures)
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in measures)
    return f"""
        INSERT INTO {table} AS kept ({period}, {_PAIR}, {names})
        SELECT {period}, {_PAIR}, {sums} FROM {rows} GROUP BY {period}, {_PAIR} ORDER BY {period}, {_PAIR}
        ON CONFLICT ({period}, {_PAIR}) DO UPDATE SET {added}"""  # noqa: S608  (names of our own)


# A year's row holds the year before as well: what happens in a year changes its own row and the next one's.
_BOTH_YEARS = f"""(
        SELECT make_date(extract(year FROM month)\\:\\:int, 1, 1), {_PAIR}, {_NAMES}, {", ".join("0" for _ in _BEFORE)}
        FROM taken
        UNION ALL
        SELECT make_date(extract(year FROM month)\\:\\:int + 1, 1, 1), {_PAIR}, {", ".join("0" for _ in MEASURES)},
            {", ".join(MEASURES_BEFORE)} FROM taken
    ) AS both_years (year, {_PAIR}, {_NAMES}, {", ".join(_BEFORE)})"""  # noqa: S608
# One statement: whoever reads meanwhile sees what was taken in the tail or in the figures, never in both.
_FOLD = text(f"""
    WITH taken AS (
        DELETE FROM activity_figure_changes WHERE id IN (
            SELECT id FROM activity_figure_changes ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED)
        RETURNING month, {_PAIR}, {_NAMES}
    ), months AS ({_add_to("activity_figures_monthly", "month", MEASURES, "taken")}
    ), years AS ({_add_to("activity_figures_yearly", "year", [*MEASURES, *_BEFORE], _BOTH_YEARS)})
    SELECT count(*) FROM taken
""")  # noqa: S608


def fold_figures(batch: int = BATCH) -> int:
    """Fold the tail as it stands, batch by batch, and return how many of its rows were folded.

    Each batch is a transaction of its own. Two of these at once fold different rows; writers wait for neither.
    """
    folded = 0
    while count := _fold(batch):
        folded += count
    return folded


def _fold(batch: int) -> int:
    with transaction() as session:
        # One at a time: each would otherwise wait for rows of the other's, in two tables.
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('fold_activity_figures'))")):
            return 0
        return session.scalar(_FOLD, {"batch": batch}) or 0
