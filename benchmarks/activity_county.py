"""A prefecture of 1,000 organisations with three years of records of activities, as programmes write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import psycopg

BUREAU = UUID("b0000000-0000-7000-8000-000000000000")
HOSPITALS, TOWNSHIPS, PEOPLE, MONTHS = 50, 950, 5_000, 36
FIRST_MONTH = date(2024, 1, 1)
_UNIQUE = "NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
_TABLE = "'activity_records'::regclass"

# Fifty hospitals and the townships that each of them supports; five people are sent to each township.
_WORLD = f"""
INSERT INTO organisations (id, code, name, kind) VALUES ('{BUREAU}', 'B', '云岭州卫生健康局', 'bureau');
INSERT INTO organisations (id, code, name, kind, parent_id)
SELECT uuidv7(), 'H' || n, n || '号县医院', 'county_hospital', '{BUREAU}' FROM generate_series(0, {HOSPITALS - 1}) AS n;
INSERT INTO organisations (id, code, name, kind, parent_id)
SELECT uuidv7(), 'T' || n, n || '号卫生院', 'township_hospital', '{BUREAU}'
FROM generate_series(0, {TOWNSHIPS - 1}) AS n;
INSERT INTO people (id, organisation_id, staff_number, name)
SELECT uuidv7(), h.id, 'A' || n, '医师' || n FROM generate_series(0, {PEOPLE - 1}) AS n
JOIN organisations h ON h.code = 'H' || n % {TOWNSHIPS} % {HOSPITALS};
INSERT INTO dispatches (id, person_id, supporting_id, recipient_id, kind, starts_on, ends_on)
SELECT uuidv7(), p.id, p.organisation_id, t.id, 'posted', '2024-01-01', '2026-12-31'
FROM people p JOIN organisations t ON t.code = 'T' || substr(p.staff_number, 2)::int % {TOWNSHIPS};
CREATE TABLE sent AS
SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, person_id, supporting_id, recipient_id FROM dispatches;
CREATE UNIQUE INDEX ON sent (n);
CREATE TABLE kinds AS
SELECT kind, sum(share) OVER (ORDER BY kind) - share AS low, sum(share) OVER (ORDER BY kind) AS high
FROM (SELECT kind, weight / sum(weight) OVER () AS share FROM (VALUES
    ('outpatient_clinic', 250.0), ('ward_round', 200), ('teaching_round', 80), ('surgery_own', 60),
    ('surgery_demonstrated', 20), ('surgery_taught', 40), ('consultation', 60), ('difficult_case', 20),
    ('critical_case', 20), ('death_case', 4), ('rescue', 15), ('lecture', 60), ('training', 40), ('courseware', 10),
    ('new_technique', 4), ('free_clinic', 20), ('home_visit', 30), ('remote_consultation', 20), ('remote_imaging', 15),
    ('remote_ecg', 15), ('remote_ultrasound', 8), ('remote_pathology', 4), ('remote_lecture', 5)
) AS used (kind, weight)) AS shares;
ANALYZE;
"""  # noqa: S608  (numbers of our own)
# A tenth comes from old ledgers, one in fifty waits, one in fifty does not say how many.
_A_MONTH = """
INSERT INTO activity_records (id, series_id, kind, occurred_on, person_id, supporting_id, recipient_id, dispatch_id,
    title, quantity, quantity_at_least, quantity_about, person_times, details, status, submitted_at, countersigned_at,
    countersigned_as, source_hash)
SELECT r.id, r.id, k.kind, r.day, s.person_id, s.supporting_id, s.recipient_id, s.id, '高血压规范管理',
    CASE WHEN r.said >= 0.02 THEN (r.said * 30)::int END, r.said > 0.98, r.said BETWEEN 0.5 AND 0.51,
    CASE WHEN k.kind IN ('lecture', 'training', 'free_clinic', 'home_visit', 'teaching_round', 'remote_lecture')
        THEN (r.said * 60)::int END,
    '{"topic": "高血压规范管理", "audience": "staff", "person_times": 30}', x.status, now(),
    CASE x.status WHEN 'countersigned' THEN now() END, CASE x.status WHEN 'countersigned' THEN 'director' END,
    CASE x.status WHEN 'imported' THEN uuid_send(r.id) END
FROM (SELECT uuidv7() AS id, random() AS how, random() AS said, random() AS kind, floor(random() * %(people)s) AS who,
        CAST(%(month)s AS date) + floor(random() * %(days)s)::int AS day FROM generate_series(1, %(count)s)) AS r
JOIN kinds k ON r.kind >= k.low AND r.kind < k.high
JOIN sent s ON s.n = r.who,
LATERAL (SELECT CASE WHEN r.how < 0.1 THEN 'imported' WHEN r.how > 0.98 THEN 'submitted' ELSE 'countersigned' END
    AS status) AS x
"""


def write_records(connection: psycopg.Connection, count: int) -> None:
    """Make the prefecture and its records, a month a statement, through the triggers; the connection is the owner's."""
    connection.execute("SELECT setseed(0.5)")
    connection.execute(_WORLD)
    with _without_indexes(connection):
        for number in range(MONTHS):
            month = date(FIRST_MONTH.year + number // 12, number % 12 + 1, 1)
            values = {"month": month, "days": 28, "people": PEOPLE, "count": count // MONTHS}
            connection.execute(_A_MONTH, values)
    connection.execute("VACUUM ANALYZE activity_records")


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Keep the table without foreign keys, and without indexes that no constraint needs: millions come in faster."""
    keys = connection.execute(
        f"SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = {_TABLE} AND contype = 'f'"  # noqa: S608
    ).fetchall()
    indexes = connection.execute(
        f"SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "  # noqa: S608
        f"WHERE i.indrelid = {_TABLE} AND {_UNIQUE}"
    ).fetchall()
    for name, _definition in keys:
        connection.execute(f'ALTER TABLE activity_records DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        connection.execute(definition)
    for name, definition in keys:
        connection.execute(f'ALTER TABLE activity_records ADD CONSTRAINT "{name}" {definition}')
