"""Roll activity records up by month and year, with a tail of changes that triggers write beside every record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CHANGES, MONTHLY, YEARLY = "activity_figure_changes", "activity_figures_monthly", "activity_figures_yearly"
COUNTED = "status IN ('countersigned', 'imported')"
MEASURES = {
    "records": COUNTED,
    "imported": "status = 'imported'",
    "waiting": "status = 'submitted'",
    "quantity": "",
    "quantity_reported": f"{COUNTED} AND quantity IS NOT NULL",
    "quantity_at_least": f"{COUNTED} AND quantity IS NOT NULL AND quantity_at_least",
    "quantity_about": f"{COUNTED} AND quantity IS NOT NULL AND quantity_about",
    "person_times": "",
    "person_times_reported": f"{COUNTED} AND person_times IS NOT NULL",
    "person_times_at_least": f"{COUNTED} AND person_times IS NOT NULL AND person_times_at_least",
    "person_times_about": f"{COUNTED} AND person_times IS NOT NULL AND person_times_about",
}
SUMS = ("quantity", "person_times")
NAMES = ", ".join(MEASURES)
BEFORE = [name for name in MEASURES if name not in ("imported", "waiting")]  # of these a year keeps the year before's
PAIR = "recipient_id, supporting_id, kind"
MONTH = "occurred_on - (extract(day FROM occurred_on)::int - 1)"
SOURCE = (
    "occurred_on, recipient_id, supporting_id, kind, status, quantity, quantity_at_least, quantity_about, "
    "person_times, person_times_at_least, person_times_about"
)


def summed(rows: str, sign: str) -> str:
    """Return the SQL of what records come to, by month, pair and kind; each counts as often as its sign says."""
    sums = ", ".join(
        f"coalesce(sum({sign}) FILTER (WHERE {condition}), 0)"
        if condition
        else f"coalesce(sum({sign} * {name}) FILTER (WHERE {COUNTED}), 0)"
        for name, condition in MEASURES.items()
    )
    return f"""
        SELECT {MONTH}, {PAIR}, {sums} FROM {rows}
        WHERE status IN ('countersigned', 'imported', 'submitted') GROUP BY 1, {PAIR}"""


def noting(rows: str, sign: str) -> str:
    """Return the SQL that writes into the tail what such records come to."""
    return f"INSERT INTO {CHANGES} (month, {PAIR}, {NAMES}) {summed(rows, sign)}"


def one_by_one(rows: str, sign: str) -> str:
    """Return the SQL that writes into the tail what few records come to, a row for each: without grouping them."""
    values = ", ".join(
        f"CASE WHEN {condition} THEN {sign} ELSE 0 END"
        if condition
        else f"CASE WHEN {COUNTED} AND {name} IS NOT NULL THEN {sign} * {name} ELSE 0 END"
        for name, condition in MEASURES.items()
    )
    return f"""
        INSERT INTO {CHANGES} (month, {PAIR}, {NAMES}) SELECT {MONTH}, {PAIR}, {values} FROM {rows}
        WHERE status IN ('countersigned', 'imported', 'submitted')"""


# What enters a figure, of the record before and after.
ENTERS, LEAVES = (", ".join(f"{row}.{name}" for name in SOURCE.split(", ")) for row in ("a", "r"))
ONE = "(SELECT count(*) FROM added) = 1"
SIGNED = f"(SELECT 1 AS sign, {SOURCE} FROM added UNION ALL SELECT -1, {SOURCE} FROM removed)"
ANY_CHANGE = " OR ".join(f"changed.{name} <> 0" for name in MEASURES)
TRIGGERS = f"""
CREATE FUNCTION note_figures_of_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ONE} THEN  -- people write one by one
        {one_by_one("added", "1")};
        RETURN NULL;
    END IF;
    {noting("added", "1")};
    RETURN NULL;
END $$;
CREATE FUNCTION note_figures_of_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {noting("removed", "-1")};
    RETURN NULL;
END $$;
CREATE FUNCTION note_figures_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ONE} THEN
        IF (SELECT ({ENTERS}) IS DISTINCT FROM ({LEAVES}) FROM added a, removed r) THEN
            {one_by_one(f"{SIGNED} AS both_ways", "sign")};
        END IF;
        RETURN NULL;
    END IF;
    INSERT INTO {CHANGES} (month, {PAIR}, {NAMES})
    SELECT * FROM ({summed(f"{SIGNED} AS both_ways", "sign")}) AS changed (month, {PAIR}, {NAMES})
    WHERE {ANY_CHANGE};  -- most updates leave the figures as they are
    RETURN NULL;
END $$;
CREATE TRIGGER activity_records_figures_insert AFTER INSERT ON activity_records
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_figures_of_added();
CREATE TRIGGER activity_records_figures_delete AFTER DELETE ON activity_records
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_figures_of_removed();
CREATE TRIGGER activity_records_figures_update AFTER UPDATE ON activity_records
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_figures_of_changed();
"""
# To lock a row of the tail one needs a right to update; of its id there is nothing to update.
APPEND_ONLY = f"REVOKE UPDATE ON {CHANGES} FROM bangfu_app; GRANT UPDATE (id) ON {CHANGES} TO bangfu_app;"
# sum() of a bigint is a numeric, which is slow where a thousand groups have one each.
TOTAL = """
CREATE AGGREGATE total(bigint) (
    SFUNC = int8pl, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE)
"""
YEARS = f"""
    SELECT make_date(extract(year FROM month)::int, 1, 1) AS year, {PAIR}, {NAMES}, {", ".join("0" for _ in BEFORE)}
    FROM {MONTHLY}
    UNION ALL
    SELECT make_date(extract(year FROM month)::int + 1, 1, 1), {PAIR}, {", ".join("0" for _ in MEASURES)},
        {", ".join(BEFORE)} FROM {MONTHLY}"""
BEFORE_NAMES = ", ".join(f"before_{name}" for name in BEFORE)
FILL = f"""
INSERT INTO {MONTHLY} (month, {PAIR}, {NAMES}) {summed("activity_records", "1")};
INSERT INTO {YEARLY} (year, {PAIR}, {NAMES}, {BEFORE_NAMES})
SELECT year, {PAIR}, {", ".join(f"sum({name})" for name in [*MEASURES, *(f"before_{name}" for name in BEFORE)])}
FROM ({YEARS}) AS both_years (year, {PAIR}, {NAMES}, {BEFORE_NAMES}) GROUP BY year, {PAIR};
"""


def whole_number(name: str) -> sa.types.TypeEngine[int]:
    """Return the type of a measure: a count of records fits an integer, what they report may not."""
    return sa.BigInteger() if name.removeprefix("before_") in SUMS else sa.Integer()


def columns(period: str) -> list[sa.Column[Any]]:
    """Return the columns that each of the three tables has."""
    before = [f"before_{name}" for name in BEFORE] if period == "year" else []
    return [
        sa.Column(period, sa.Date(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("supporting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        *(sa.Column(name, whole_number(name), nullable=False) for name in (*MEASURES, *before)),
    ]


def upgrade() -> None:
    op.create_table(
        CHANGES,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *columns("month"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{CHANGES}_pkey")),
    )
    for table, period in ((MONTHLY, "month"), (YEARLY, "year")):
        op.create_table(
            table,
            *columns(period),
            sa.PrimaryKeyConstraint(period, "recipient_id", "supporting_id", "kind", name=op.f(f"{table}_pkey")),
        )
        for hospital in ("recipient_id", "supporting_id"):
            op.create_index(op.f(f"{table}_{hospital}_{period}_idx"), table, [hospital, period])
    op.execute(TOTAL)
    op.execute(APPEND_ONLY)
    op.execute(TRIGGERS)  # from here on nobody writes records until this has committed
    op.execute(FILL)


def downgrade() -> None:
    for event in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER activity_records_figures_{event} ON activity_records")
    for function in ("added", "removed", "changed"):
        op.execute(f"DROP FUNCTION note_figures_of_{function}()")
    for table in (YEARLY, MONTHLY, CHANGES):
        op.drop_table(table)
    op.execute("DROP AGGREGATE total(bigint)")
