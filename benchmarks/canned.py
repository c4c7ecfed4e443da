"""The application with the database's answers to a check-in canned: all else runs as it does in production."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from backend.app import create_app
from backend.domain.attendance.tapping import WRITE
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.prepared import Prepared
from benchmarks.county import LATITUDE, LONGITUDE

_DAY, _SOON = clock.today(), clock.now() + timedelta(days=1)
_WHO = {
    "session_id": uuid4(),
    "account_id": uuid4(),
    "person_id": uuid4(),
    "role": Role.STAFF,
    "organisation_id": uuid4(),
    "access_expires_at": _SOON,
    "refresh_expires_at": _SOON,
    "is_present_token": True,
    "has_ended": False,
    "is_disabled": False,
}
_MAY = {
    "dispatch_id": uuid4(),
    "supporting_id": uuid4(),
    "sites": [[str(uuid4()), "院本部", float(LONGITUDE), float(LATITUDE), 300]],
    "patterns": [
        [f"{_DAY - timedelta(30)}", f"{_DAY + timedelta(150)}", "{[0,2),[3,5),[6,8),[9,11),[12,14),[15,17),[18,20)}"]
    ],
    "effective": None,
    "before": None,
}


_ALLOWED, _WRITTEN = SimpleNamespace(**_WHO, **_MAY), (uuid4(),)


def _answer(statement: Prepared, _connection: object, _values: Mapping[str, Any]) -> Any:
    return _WRITTEN if statement is WRITE else _ALLOWED


Prepared.fetch = _answer  # type: ignore[method-assign, assignment]
app = create_app()
app.extensions["autocommit"] = nullcontext
