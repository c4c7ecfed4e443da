"""The files of a run: whole for the bank, by finance alone and with a trace; masked for who looks over it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.subsidies.errors.payments import PaymentFileChanged, RunNotReleased
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.domain.subsidies.printing.payment_file import PaymentLine, PaymentSheet, write_csv, write_xlsx
from backend.domain.subsidies.queries.payments import get_run
from backend.domain.subsidies.rules.payments import payment_reference, run_label
from backend.domain.subsidies.rules.statuses import RunStatus
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt
from backend.foundation.transaction import transaction


class FileFormat(StrEnum):
    """What a file is written as."""

    CSV = "csv"
    XLSX = "xlsx"


_WRITERS: Mapping[FileFormat, Callable[[PaymentSheet], bytes]] = {
    FileFormat.CSV: write_csv,
    FileFormat.XLSX: write_xlsx,
}


@dataclass(frozen=True)
class PaymentFile:
    """A file and how it is called."""

    name: str
    content: bytes


def full_file(actor: Actor, run_id: UUID, file_format: FileFormat) -> PaymentFile:
    """Return the file for the bank, with whole account numbers; that it was fetched leaves a trace.

    Raises:
        RunNotFound, Forbidden: as in get_run; finance alone has it.
        RunNotReleased: the run may not be paid.
        PaymentFileChanged: it would not be what was released.
    """
    with transaction():
        run = get_run(actor, run_id, Action.WRITE)
        if run.status not in (RunStatus.RELEASED, RunStatus.SETTLED):
            raise RunNotReleased
        sheet = _sheet(run, _whole)
        if _hash(write_csv(sheet)) != run.file_hash:
            raise PaymentFileChanged
        record_event(
            actor,
            "download_payment_file",
            "payment_run",
            run.id,
            organisation_id=run.organisation_id,
            payments=run.payments_count,
            format=file_format.value,
        )
        return PaymentFile(f"付款文件{_label(run)}.{file_format}", _WRITERS[file_format](sheet))


def masked_file(actor: Actor, run_id: UUID, file_format: FileFormat) -> PaymentFile:
    """Return the file with masked account numbers, to look over.

    Raises:
        RunNotFound, Forbidden: as in get_run.
    """
    run = get_run(actor, run_id)
    content = _WRITERS[file_format](_sheet(run, lambda payment: payment.account_masked))
    return PaymentFile(f"付款清单{_label(run)}（账号掩码）.{file_format}", content)


def hashes_of(run: PaymentRun) -> tuple[str, str]:
    """Return the SHA-256 of the files for the bank, of the CSV and of the .xlsx."""
    sheet = _sheet(run, _whole)
    return _hash(write_csv(sheet)), _hash(write_xlsx(sheet))


def _sheet(run: PaymentRun, account_of: Callable[[Payment], str]) -> PaymentSheet:
    lines = [
        PaymentLine(
            payment_reference(run.year, run.number, payment.position),
            payment.payee,
            payment.staff_number,
            payment.bank,
            account_of(payment),
            payment.amount_fen,
        )
        for payment in sorted(run.payments, key=lambda payment: payment.position)
    ]
    return PaymentSheet(_label(run), lines)


def _whole(payment: Payment) -> str:
    return decrypt(payment.account, table="payments", column="account", row_id=payment.id)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _label(run: PaymentRun) -> str:
    return run_label(run.year, run.number)
