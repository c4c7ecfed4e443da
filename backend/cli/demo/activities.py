"""What the demo's doctors did: last year's ledger, weeks of countersigned records, and some that wait or came back."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from backend.cli.demo.cast import Cast, instant
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.content import read_content
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.countersigning import return_record
from backend.domain.activities.service.drafts import RecordDraft, create_record
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.rules.working_days import is_weekend
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id

_A_DAY = timedelta(days=1)
_SIGNED_AFTER = timedelta(days=2)
_WAITING = (41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52)
_GIVEN_BACK, _BEGUN = 1, 2  # the doctors whose phones are shown
_LEDGER = "{year}年下乡工作台账.xlsx·工作日志·第{row}行"
_LECTURES = ("高血压规范管理", "抗菌药物合理使用", "卒中早期识别", "糖尿病足的预防", "基层胸痛处置", "儿童发热的处理")
_DIAGNOSES = (("脑梗死", "I63.9"), ("重症肺炎", "J15.9"), ("消化道大出血", "K92.2"), ("慢阻肺急性加重", "J44.1"))
_OPERATIONS = ("阑尾切除术", "疝修补术", "清创缝合术", "剖宫产术")
_PATIENT = {
    "patient_surname": "蒙",
    "patient_sex": "male",
    "patient_age_band": "elderly",
    "patient_record_number": "ZY-0412",
}
Fields = dict[str, Any]


def log_activities(cast: Cast) -> None:
    """Write what was done until today, in the present transaction."""
    signed = [row for number in cast.numbers for row in _signed(cast, number)]
    ledger = list(_ledger(cast))
    for rows in (signed, ledger):
        if rows:
            db.session.execute(insert(ActivityRecord), rows)
    for number in _WAITING:
        _hand_in(cast, number, cast.due_lately(number, 1))
    _give_back(cast)
    _begin(cast)


def _signed(cast: Cast, number: int) -> Iterator[dict[str, Any]]:
    """Yield the countersigned records of a doctor, two days and older."""
    dispatch, director = cast.dispatch(number), cast.director_of(number)
    for day in cast.due_until(number, cast.today - 3 * _A_DAY):
        for kind, fields in _deeds(number, day):
            when = instant(day, 17, number % 60)
            yield _row(dispatch, kind, day, fields) | {
                "status": RecordStatus.COUNTERSIGNED,
                "submitted_at": when,
                "created_at": when,
                "changed_at": when + _SIGNED_AFTER,
                "countersigned_at": when + _SIGNED_AFTER,
                "countersigned_by_person_id": director.person_id,
                "countersigned_as": Role.DIRECTOR,
                "source": "",
                "source_hash": None,
            }


def _ledger(cast: Cast) -> Iterator[dict[str, Any]]:
    """Yield last year's ledger of the largest team, as an import leaves it: fewer kinds, some figures only about."""
    row = 1
    first, last = _a_year_ago(cast.last_month), _a_year_ago(cast.today)
    for number in _WAITING[:6]:
        dispatch = cast.dispatch(number)
        for day in days_between(first, last):
            if is_weekend(day) or _chance(number, day, "ledger") > 60:
                continue
            row += 1
            source = _LEDGER.format(year=day.year, row=row)
            written = _row(dispatch, *_told(number, day))
            yield written | {
                "quantity_at_least": written["quantity"] is not None and written["quantity"] >= 20,
                "dispatch_id": None,
                "department_id": None,
                "status": RecordStatus.IMPORTED,
                "submitted_at": None,
                "created_at": instant(cast.last_month, 9),
                "changed_at": instant(cast.last_month, 9),
                "countersigned_at": None,
                "countersigned_by_person_id": None,
                "countersigned_as": None,
                "source": source,
                "source_hash": source.encode(),
            }


def _told(number: int, day: date) -> tuple[ActivityKind, date, Fields]:
    kind, fields = next(iter(_deeds(number, day)))
    return kind, day, fields


def _row(dispatch: Dispatch, kind: ActivityKind, day: date, fields: Fields) -> dict[str, Any]:
    content, record_id = read_content(KINDS[kind], fields, complete=False), new_id()
    return {
        "id": record_id,
        "series_id": record_id,
        "edition": 1,
        "kind": kind,
        "occurred_on": day,
        "person_id": dispatch.person_id,
        "supporting_id": dispatch.supporting_id,
        "recipient_id": dispatch.recipient_id,
        "department_id": dispatch.department_id,
        "dispatch_id": dispatch.id,
        "title": content.title,
        "quantity": content.quantity.value,
        "quantity_at_least": False,
        "person_times": content.person_times.value,
        "details": dict(content.details),
    }


def _deeds(number: int, day: date) -> Iterator[tuple[ActivityKind, Fields]]:
    """Yield what a doctor did on a day: the same whenever it is asked."""
    chance = _chance(number, day, "deeds")
    diagnosis, code = _DIAGNOSES[chance % len(_DIAGNOSES)]
    if (number + day.toordinal()) % 2:
        yield ActivityKind.OUTPATIENT_CLINIC, {"morning": 8 + chance % 17, "afternoon": chance % 9}
    else:
        yield ActivityKind.WARD_ROUND, {"patients": 4 + chance % 11}
    if day.weekday() == number % 5:
        topic = _LECTURES[(number + day.toordinal() // 7) % len(_LECTURES)]
        lecture = {"topic": topic, "audience": "staff", "person_times": 9 + chance % 24, "hours": 1}
        yield (
            (ActivityKind.LECTURE if number % 2 else ActivityKind.TEACHING_ROUND),
            (lecture if number % 2 else {"topic": diagnosis, "person_times": 5 + chance % 6}),
        )
    if chance < 12:
        yield (
            ActivityKind.SURGERY_TAUGHT,
            {
                "operation": _OPERATIONS[chance % len(_OPERATIONS)],
                "grade": "2",
                "learner": "本院外科医师",
            },
        )
    elif chance < 20:
        yield ActivityKind.CRITICAL_CASE, {"diagnosis": diagnosis, "icd_10": code, "participants": 6 + chance % 5}
    elif chance < 24:
        yield ActivityKind.RESCUE, {"diagnosis": diagnosis, "icd_10": code, "outcome": "survived"}
    elif chance < 28:
        yield ActivityKind.REMOTE_ECG, {"cases": 3 + chance % 8}
    elif chance == 28:
        yield ActivityKind.FREE_CLINIC, {"place": "集市", "people": 60 + number, "leaflets": 100}


def _hand_in(cast: Cast, number: int, day: date) -> None:
    """Let a doctor hand in what waits to be countersigned."""
    with clock.as_of(_after_work(cast, day)):
        for kind, fields in _deeds(number, day):
            whole = _completed(kind, fields)
            create_record(
                cast.doctor(number),
                kind,
                RecordDraft(day, whole),
                key=f"demo-{number}-{day}-{kind}",
                dispatch_id=cast.dispatch(number).id,
                submit=True,
            )


def _completed(kind: ActivityKind, fields: Fields) -> Fields:
    if kind is ActivityKind.CRITICAL_CASE:
        return fields | _PATIENT | {"conclusion": "继续抗感染、呼吸支持，必要时转县医院重症医学科。"}
    if kind is ActivityKind.RESCUE:
        return fields | _PATIENT
    return fields


def _give_back(cast: Cast) -> None:
    """Let a director give a lecture back that shows no sheet of who was there."""
    day = cast.due_lately(_GIVEN_BACK, 2)
    with clock.as_of(_after_work(cast, day)):
        lecture = {"topic": "高血压规范管理", "audience": "mixed", "person_times": 26, "hours": 1.5}
        written = create_record(
            cast.doctor(_GIVEN_BACK),
            ActivityKind.LECTURE,
            RecordDraft(day, lecture),
            key=f"demo-lecture-{day}",
            dispatch_id=cast.dispatch(_GIVEN_BACK).id,
            submit=True,
        ).record
    with clock.as_of(_after_work(cast, day) + timedelta(hours=2)):
        return_record(cast.director_of(_GIVEN_BACK), written.id, written.version, reason="没有签到表，请补拍后再提交。")


def _begin(cast: Cast) -> None:
    """Leave a draft on the other phone that is shown."""
    day = cast.due_lately(_BEGUN, 1)
    with clock.as_of(_after_work(cast, day)):
        create_record(
            cast.doctor(_BEGUN),
            ActivityKind.DIFFICULT_CASE,
            RecordDraft(day, {"diagnosis": "慢阻肺急性加重", "icd_10": "J44.1", "participants": 6} | _PATIENT),
            key=f"demo-draft-{day}",
            dispatch_id=cast.dispatch(_BEGUN).id,
        )


def _after_work(cast: Cast, day: date) -> datetime:
    return min(instant(day, 18), clock.now())


def _a_year_ago(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))


def _chance(number: int, day: date, of: str) -> int:
    """Return a number from 0 to 99, always the same one."""
    return zlib.crc32(f"{of}:{number}:{day}".encode()) % 100
