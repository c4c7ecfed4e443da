"""The ceiling of bookings: pgbench running the endpoint's own two statements, with values made up by SQL."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from backend.domain.clinics.claiming.claim import BOOK
from backend.domain.clinics.claiming.context import OF_SESSION
from backend.foundation import clock
from benchmarks.villagers import ACCOUNTS, CLINICS, PATIENTS, PERIODS, SESSIONS, id_sql
from dev.postgres import binary

_PAGE = "'/patient/booking/index?id=' || uuidv7()"
_BODY = (
    "罗*兰已约尹学川主任医师，11月23日（周一）8:00至12:00，第1卫生院门诊楼，#号。"
    "请带证件，到院后在服务台出示预约二维码。"
)
_FIELDS = (
    '{"thing1":"尹学川主任医师","thing2":"第1卫生院门诊楼","time3":"2026年11月23日 08:00",'
    '"thing4":"#号，8:00至12:00到院"}'
)


def book_by_pgbench(url: str, folder: Path, *, first: int, each: int, clients: int, clinics: int) -> float:
    """Let each of so many clients book so often, for villagers from this number on; return the bookings a second."""
    script = folder / "booking.sql"
    script.write_text(_script(clients, clinics))
    address = make_url(url)
    done = subprocess.run(
        [
            *(binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={script}"),
            *(f"--transactions={each}", f"--client={clients}", "--jobs=2", f"--define=first={first}", "--define=i=0"),
            *("--host", str(address.host), "--port", str(address.port), "--username", str(address.username)),
            str(address.database),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not rate:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return float(rate[1])


def _script(clients: int, clinics: int) -> str:
    ids = {
        "session_id": id_sql(SESSIONS, ":number"),
        "account_id": id_sql(ACCOUNTS, ":number"),
        "patient_id": id_sql(PATIENTS, ":number"),
        "clinic_id": id_sql(CLINICS, ":clinic"),
        "key": "'bare-' || CAST(:number AS int)",
    }
    day = f"DATE '{clock.today()}'"
    context = ids | {"access_hash": "decode(repeat('5c', 32), 'hex')", "kind_1": "'phone'", "today": day}
    book = ids | {
        **dict.fromkeys(("id", "item_id", "message_id"), "uuidv7()"),
        "channels": "'{phone}'",
        "period_ids": f"ARRAY[{id_sql(PERIODS, ':clinic')}]",
        "person_id": "NULL",
        "role": "NULL",
        "door": "'phone'",
        "channel": "'phone'",
        "held_on": f"{day} + 1",
        "held_month": f"CAST(date_trunc('month', {day} + 1) AS date)",
        "day_slot": "1",
        "month_slot": "1",
        "request_hash": "decode(repeat('e1', 32), 'hex')",
        "organisation_id": f"(SELECT recipient_id FROM clinics WHERE id = {ids['clinic_id']})",  # noqa: S608  (constants)
        "now": "now()",
        "mark": "'#'",
        "title": "'预约成功'",
        "bodies": f"ARRAY[{_literal(_BODY)}]",
        "fields": f"ARRAY[{_literal(_FIELDS)}]",
        "page": _PAGE,
        "dedupe_key": "'booking_made-' || CAST(:number AS int)",
        "details": '\'{"channel": "phone", "clinic_id": "40000000-0000-7000-8000-000000000000"}\'',
    }
    return (
        f"\\set number :first + {clients} * :i + :client_id\n\\set i :i + 1\n\\set clinic :number % {clinics}\n"
        f"{_filled(OF_SESSION.text, context)};\n{_filled(BOOK.text, book)};\n"
    )


def _filled(statement: str, expressions: Mapping[str, str]) -> str:
    """Put expressions in place of a statement's values, on one line, and its colons where pgbench sees no variable."""
    plain = re.sub(r":(MI|SS)", r"' || chr(58) || '\1", statement)
    return (
        re.sub(r"\s+", " ", re.sub(r"%\((\w+)\)s", lambda found: expressions[found[1]], plain))
        .strip()
        .replace("%%", "%")
    )


def _literal(value: str) -> str:
    return psycopg.sql.Literal(value).as_string()
