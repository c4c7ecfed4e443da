"""/timesheets: a dispatch's month, handed in, countersigned or given back, amended, printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request

from backend.api.attendance import describe_tap
from backend.api.authentication import current_actor
from backend.api.files import file_response
from backend.api.schemas.timesheets import (
    AmendmentInput,
    RejectInput,
    ReturnInput,
    ScanInput,
    SignedTogetherOut,
    SignTogetherInput,
    SubmitInput,
    TimesheetsInput,
    TimesheetsOut,
    VersionInput,
    WholeTimesheetOut,
)
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.attendance.errors.timesheets import TimesheetNotFound
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import TimesheetAmendment
from backend.domain.attendance.printing.pdf import write_pdf
from backend.domain.attendance.printing.xlsx import write_xlsx
from backend.domain.attendance.queries.signing import may_sign
from backend.domain.attendance.queries.taps import taps_by_id
from backend.domain.attendance.queries.timesheets import Sheet, get_sheet, get_timesheet, list_timesheets
from backend.domain.attendance.queries.todo import list_waiting_timesheets
from backend.domain.attendance.queries.weeks import weeks_of_sheet
from backend.domain.attendance.rules.requests import LEAVE_LABELS, REQUEST_STATUS_LABELS, RequestStatus
from backend.domain.attendance.rules.timesheets import (
    LEGEND,
    TIMESHEET_STATUS_LABELS,
    Figures,
    TimesheetStatus,
    days_text,
    standing_label,
)
from backend.domain.attendance.rules.weeks import Week
from backend.domain.attendance.service.amendments import Change, decide_amendment, request_amendment
from backend.domain.attendance.service.forms import printed_form
from backend.domain.attendance.service.scans import attach_scan, read_scan
from backend.domain.attendance.service.timesheets import (
    countersign_clean,
    countersign_timesheet,
    return_timesheet,
    submit_timesheet,
    why_not_submit,
)
from backend.domain.dispatch.rules import SHIFT_LABELS
from backend.foundation.actor import Actor

bp = APIBlueprint("timesheets", __name__, url_prefix="/timesheets", tag="考勤表")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DECISIONS = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("")
@bp.input(TimesheetsInput, location="query")
@bp.output(TimesheetsOut)
@bp.doc(summary="本人可见的考勤表", description="一个月的；不选月份时，为各月待会签的。", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    if "month" in query_data:
        page = list_timesheets(actor, **query_data)
    else:
        page = list_waiting_timesheets(actor, page=query_data["page"], page_size=query_data["page_size"])
    items = [_described(actor, sheet) for sheet in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/<uuid:dispatch_id>/<month>")
@bp.output(WholeTimesheetOut)
@bp.doc(summary="一次派驻某月的考勤表（未提交的也可查看）", responses={403: "没有权限"})
def show(dispatch_id: UUID, month: str) -> dict[str, Any]:
    actor = current_actor()
    return _whole(actor, get_sheet(actor, dispatch_id, _month(month)))


@bp.post("/<uuid:dispatch_id>/<month>/submit")
@bp.input(SubmitInput)
@bp.output(WholeTimesheetOut)
@bp.doc(summary="提交考勤表", responses=_DECISIONS)
def submit(dispatch_id: UUID, month: str, json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    return _whole(actor, submit_timesheet(actor, dispatch_id, _month(month), **json_data))


@bp.post("/<uuid:timesheet_id>/countersign")
@bp.input(VersionInput)
@bp.output(WholeTimesheetOut)
@bp.doc(summary="会签考勤表", responses=_DECISIONS)
def countersign(timesheet_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    countersign_timesheet(current_actor(), timesheet_id, json_data["version"])
    return _of(timesheet_id)


@bp.post("/countersign")
@bp.input(SignTogetherInput)
@bp.output(SignedTogetherOut)
@bp.doc(summary="一起会签没有异常的考勤表", description="有异常的留下，须单独打开。", responses={403: "没有权限"})
def countersign_together(json_data: dict[str, Any]) -> dict[str, Any]:
    signed, left = countersign_clean(current_actor(), [(one["id"], one["version"]) for one in json_data["timesheets"]])
    refused = [{"id": one.timesheet_id, "code": one.error.code, "message": one.error.text} for one in left]
    return {"countersigned": signed, "left": refused}


@bp.post("/<uuid:timesheet_id>/return")
@bp.input(ReturnInput)
@bp.output(WholeTimesheetOut)
@bp.doc(summary="退回考勤表", responses=_DECISIONS)
def give_back(timesheet_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return_timesheet(current_actor(), timesheet_id, json_data["version"], reason=json_data["reason"])
    return _of(timesheet_id)


@bp.post("/<uuid:timesheet_id>/amendments")
@bp.input(AmendmentInput)
@bp.output(WholeTimesheetOut, status_code=201, description="已提出")
@bp.doc(summary="提出已会签考勤表的更正", responses={403: "没有权限", 409: "当前状态不允许"})
def amend(timesheet_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    request_amendment(current_actor(), timesheet_id, Change(**json_data))
    return _of(timesheet_id)


@bp.post("/<uuid:timesheet_id>/amendments/<uuid:amendment_id>/accept")
@bp.output(WholeTimesheetOut)
@bp.doc(summary="会签更正", responses={403: "没有权限", 409: "当前状态不允许"})
def accept_amendment(timesheet_id: UUID, amendment_id: UUID) -> dict[str, Any]:
    decide_amendment(current_actor(), timesheet_id, amendment_id, accept=True)
    return _of(timesheet_id)


@bp.post("/<uuid:timesheet_id>/amendments/<uuid:amendment_id>/reject")
@bp.input(RejectInput)
@bp.output(WholeTimesheetOut)
@bp.doc(summary="退回更正", responses={403: "没有权限", 409: "当前状态不允许"})
def reject_amendment(timesheet_id: UUID, amendment_id: UUID, json_data: dict[str, str]) -> dict[str, Any]:
    decide_amendment(current_actor(), timesheet_id, amendment_id, accept=False, reason=json_data["reason"])
    return _of(timesheet_id)


@bp.get("/<uuid:timesheet_id>/form.pdf")
@bp.doc(summary="考勤表PDF", responses={200: "PDF文件", 403: "没有权限"})
def show_pdf(timesheet_id: UUID) -> Response:
    return Response(write_pdf(_form(timesheet_id)), mimetype="application/pdf")


@bp.get("/<uuid:timesheet_id>/form.xlsx")
@bp.doc(summary="考勤表表格", responses={200: "表格文件", 403: "没有权限"})
def show_xlsx(timesheet_id: UUID) -> Response:
    return Response(write_xlsx(_form(timesheet_id)), mimetype=_XLSX)


@bp.put("/<uuid:timesheet_id>/scan")
@bp.input(ScanInput)
@bp.output(WholeTimesheetOut)
@bp.doc(summary="附上签字盖章的扫描件", responses={403: "没有权限", 409: "尚未会签"})
def put_scan(timesheet_id: UUID, json_data: dict[str, UUID]) -> dict[str, Any]:
    attach_scan(current_actor(), timesheet_id, json_data["attachment_id"])
    return _of(timesheet_id)


@bp.get("/<uuid:timesheet_id>/scan")
@bp.doc(summary="签字盖章的扫描件", responses={200: "文件本身", 403: "没有权限"})
def show_scan(timesheet_id: UUID) -> Response:
    return file_response(read_scan(current_actor(), timesheet_id))


def _form(timesheet_id: UUID) -> Any:
    actor = current_actor()
    timesheet = get_timesheet(actor, timesheet_id)
    sheet = get_sheet(actor, timesheet.dispatch_id, timesheet.month)
    return printed_form(sheet, verify_at=f"{request.host_url}console/verify?code=")


def _of(timesheet_id: UUID) -> dict[str, Any]:
    actor = current_actor()
    timesheet = get_timesheet(actor, timesheet_id)
    return _whole(actor, get_sheet(actor, timesheet.dispatch_id, timesheet.month))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise TimesheetNotFound from None


def _described(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    timesheet, dispatch = sheet.timesheet, sheet.dispatch
    own = actor.person_id == dispatch.person_id
    refusal = why_not_submit(sheet) if own else None
    waits = sheet.status is TimesheetStatus.SUBMITTED
    signer = waits and may_sign(actor, dispatch)
    signed_by = timesheet.countersigned_by if timesheet else None
    return {
        "id": timesheet.id if timesheet else None,
        "dispatch_id": dispatch.id,
        "month": f"{sheet.month:%Y-%m}",
        "person": dispatch.person,
        "recipient": dispatch.recipient,
        "supporting": dispatch.supporting,
        "department": dispatch.department.name if dispatch.department else None,
        "status": sheet.status,
        "status_label": TIMESHEET_STATUS_LABELS[sheet.status],
        "figures": _figures(sheet.figures),
        "clean": sheet.is_clean,
        "submitted_at": timesheet.submitted_at if timesheet else None,
        "countersigned_at": timesheet.countersigned_at if timesheet else None,
        "countersigned_by": {
            "name": signed_by.name,
            "role_label": ROLE_LABELS[timesheet.countersigned_as],
        }
        if timesheet and signed_by and timesheet.countersigned_as
        else None,
        "return_reason": timesheet.return_reason if timesheet else "",
        "remark": timesheet.remark if timesheet else "",
        "verification_code": timesheet.verification_code if timesheet else None,
        "needs_scan": sheet.needs_scan,
        "has_scan": bool(timesheet and timesheet.scan_id),
        "escalated": bool(timesheet and timesheet.escalated_at),
        "version": sheet.version,
        "may_submit": own and refusal is None,
        "why_not_submit": refusal.text if refusal else None,
        "may_countersign": signer and not sheet.has_doubts,
        "may_return": signer,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "due_days": days_text(figures.due),
        "served_days": days_text(figures.served),
        "nights": figures.nights,
        "not_checked_in_days": days_text(figures.not_checked_in),
        "absent_days": days_text(figures.absent),
        "leave": [{"kind": kind, "label": LEAVE_LABELS[kind], "days": days_text(n)} for kind, n in figures.leave],
        "exceptions": figures.exceptions,
    }


def _whole(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    taps = taps_by_id(line.check_in_id for line in sheet.lines if line.check_in_id)
    amendments = sheet.timesheet.amendments if sheet.timesheet else []
    return _described(actor, sheet) | {
        "figures": _figures(sheet.figures) | {"required": [_week(week) for week in weeks_of_sheet(sheet)]},
        "lines": [_line(sheet, line, taps) for line in sheet.lines],
        "legend": [{"symbol": symbol, "meaning": meaning} for symbol, meaning in LEGEND],
        "amendments": [_amendment(actor, sheet, row) for row in amendments],
    }


def _week(week: Week) -> dict[str, Any]:
    return {
        "week_starts_on": week.starts_on,
        "working_days": week.working_days,
        "leave_days": days_text(week.leave_halves),
        "required_days": week.required_days,
        "served_days": days_text(week.served_halves),
        "met": week.is_met,
    }


def _line(sheet: Sheet, line: Any, taps: dict[UUID, CheckIn]) -> dict[str, Any]:
    tap = taps.get(line.check_in_id)
    return {
        "duty_on": line.duty_on,
        "shift": line.shift,
        "shift_label": SHIFT_LABELS[line.shift],
        "standing": line.standing,
        "label": line.label,
        "symbol": line.symbol,
        "working": line.working,
        "leave_kind": line.leave_kind,
        "check_in": describe_tap(tap) if tap else None,
        "correction_id": line.correction_id,
        "leave_id": line.leave_id,
        "amended": (line.duty_on, line.shift) in sheet.amended,
    }


def _amendment(actor: Actor, sheet: Sheet, row: TimesheetAmendment) -> dict[str, Any]:
    waits = row.status is RequestStatus.REQUESTED and row.requested_by_person_id != actor.person_id
    return {
        "id": row.id,
        "duty_on": row.duty_on,
        "shift": row.shift,
        "shift_label": SHIFT_LABELS[row.shift],
        "before_label": standing_label(row.before, None),
        "after_label": standing_label(row.after, row.leave_kind),
        "reason": row.reason,
        "status": row.status,
        "status_label": REQUEST_STATUS_LABELS[row.status],
        "requested_by": row.requested_by.name,
        "requested_at": row.requested_at,
        "decided_by": row.decided_by.name if row.decided_by else None,
        "decided_at": row.decided_at,
        "decision_reason": row.decision_reason,
        "may_decide": waits and may_sign(actor, sheet.dispatch),
    }
