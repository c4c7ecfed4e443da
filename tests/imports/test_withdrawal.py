"""An import of a ledger can be taken back, with a reason; its records stay and count no more."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.imports.errors import ImportNotFound, ImportNotWithdrawable
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.rules.status import ImportStatus
from backend.domain.imports.service import (
    apply_import,
    check_import,
    confirm_import,
    start_import,
    withdraw_import,
)
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden
from tests.imports.ledgers import apply, day, ledger, records
from tests.imports.workbooks import Values
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch


@pytest.fixture
def county(app: Flask) -> County:
    county = make_county()
    make_dispatch(county.doctor, county.township)
    return county


def rows(county: County, amounts: list[int]) -> list[Values]:
    who = {"工号": county.doctor.staff_number, "受援机构代码": county.township.code}
    return [day(**{**who, "数量": amount}) for amount in amounts]


def completed(county: County, amounts: list[int]) -> SpreadsheetImport:
    """Return an import by the office that has run its course."""
    started = start_import(county.office, ImportKind.LEDGER, "台账.xlsx", ledger(rows(county, amounts)))
    check_import(started.id)
    confirm_import(county.office, started.id)
    apply_import(started.id)
    return started


def test_what_it_brought_is_withdrawn_and_what_was_there_before_stays(county: County) -> None:
    apply(ledger(rows(county, [1])))
    done = completed(county, [1, 2, 3])

    assert withdraw_import(county.office, done.id, "导错了文件") == 2

    assert [(record.quantity, record.status) for record in records()] == [
        (1, RecordStatus.IMPORTED),
        (2, RecordStatus.WITHDRAWN),
        (3, RecordStatus.WITHDRAWN),
    ]
    assert (done.status, done.withdrawal_reason) == (ImportStatus.WITHDRAWN, "导错了文件")


def test_it_can_be_imported_anew_and_is_withdrawn_once(county: County) -> None:
    done = completed(county, [5])
    withdraw_import(county.office, done.id, "再核对")

    with pytest.raises(ImportNotWithdrawable):
        withdraw_import(county.office, done.id, "再来一次")
    completed(county, [5])

    assert [record.status for record in records()] == [RecordStatus.WITHDRAWN, RecordStatus.IMPORTED]


def test_only_those_who_import_withdraw(county: County) -> None:
    done = completed(county, [5])

    with pytest.raises(ImportNotFound):
        withdraw_import(county.stranger, done.id, "别人的")
    with pytest.raises(Forbidden):
        withdraw_import(acting(county.medical_affairs, Role.FINANCE), done.id, "没有权限")
    assert [record.status for record in records()] == [RecordStatus.IMPORTED]
