"""Where an import stands, and what may happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class ImportStatus(StrEnum):
    """Where an import stands. FHIR R4 has no word for a checked file."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"  # without errors; waits for somebody to confirm
    REFUSED = "refused"  # with errors; nothing was written
    APPLYING = "applying"
    COMPLETED = "completed"
    FAILED = "failed"  # through a fault of ours
    EXPIRED = "expired"  # not confirmed within a day
    WITHDRAWN = "withdrawn"  # what it brought was taken back


STATUS_LABELS: Mapping[ImportStatus, str] = {
    ImportStatus.UPLOADED: "等待检查",
    ImportStatus.CHECKING: "正在检查",
    ImportStatus.CHECKED: "检查通过，待确认",
    ImportStatus.REFUSED: "有错误，未导入",
    ImportStatus.APPLYING: "正在导入",
    ImportStatus.COMPLETED: "已导入",
    ImportStatus.FAILED: "系统故障，未导入",
    ImportStatus.EXPIRED: "已过期",
    ImportStatus.WITHDRAWN: "已撤回",
}

TRANSITIONS: Mapping[tuple[ImportStatus, str], ImportStatus] = {
    (ImportStatus.UPLOADED, "check"): ImportStatus.CHECKING,
    (ImportStatus.UPLOADED, "expire"): ImportStatus.EXPIRED,
    (ImportStatus.CHECKING, "check"): ImportStatus.CHECKING,
    (ImportStatus.CHECKING, "pass"): ImportStatus.CHECKED,
    (ImportStatus.CHECKING, "refuse"): ImportStatus.REFUSED,
    (ImportStatus.CHECKING, "fail"): ImportStatus.FAILED,
    (ImportStatus.CHECKED, "confirm"): ImportStatus.APPLYING,
    (ImportStatus.CHECKED, "expire"): ImportStatus.EXPIRED,
    (ImportStatus.APPLYING, "complete"): ImportStatus.COMPLETED,
    (ImportStatus.APPLYING, "refuse"): ImportStatus.REFUSED,
    (ImportStatus.APPLYING, "fail"): ImportStatus.FAILED,
    (ImportStatus.COMPLETED, "withdraw"): ImportStatus.WITHDRAWN,
}
"""What may happen to an import, and where it stands afterwards. A check begins anew after a worker died in it."""

RUNNING = frozenset({ImportStatus.UPLOADED, ImportStatus.CHECKING, ImportStatus.APPLYING})
CONTENT_KEPT = timedelta(days=1)
STUCK_AFTER = timedelta(minutes=2)  # without a sign of life; a running job gives one every second
MAXIMUM_ATTEMPTS = 3
