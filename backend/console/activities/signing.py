"""Countersigning clean records together: naming them, signing them, telling which were left and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.activities.blueprint import bp
from backend.console.activities.forms import ChoiceForm, SignTogetherForm
from backend.console.activities.listing import signing_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.chosen import find_records
from backend.domain.activities.queries.waiting import beside
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.countersigning import countersign_records
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, Invalid

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class LeftOut:
    """A record that was not signed, and why."""

    record: ActivityRecord
    text: str


@bp.get("/sign")
def ask_together() -> Page:
    """Name those that are about to be signed; nothing is signed yet."""
    actor, form = _signer(), Form.asked(ChoiceForm())
    records = find_records(actor, form.data.get("chosen", []))
    seen = beside(records)
    clean = [one for one in records if signing_of(actor, one, seen[one.id].oddities) == "clean"]
    return render_template(
        "activities/sign.html", records=clean, others=[one for one in records if one not in clean], seen=seen
    )


@bp.post("/sign")
def sign_together() -> Page:
    """Sign them, each by itself: what changed since it was shown, or needs an eye, is left and said so."""
    actor, form = _signer(), Form.submitted(SignTogetherForm())
    if not form.is_valid:
        raise Invalid("提交的内容与页面不符，请返回工作日志重新选择。")
    chosen = dict(form.data["chosen"])
    if not chosen:
        flash("没有选择日志，一条也没有会签。", "caution")
        return redirect(url_for("console.activities.show_list", status=RecordStatus.SUBMITTED.value))
    signed, left = countersign_records(actor, chosen.items())
    records = {record.id: record for record in find_records(actor, list(chosen))}
    refused = [LeftOut(records[one.record_id], one.error.text) for one in left if one.record_id in records]
    return render_template(
        "activities/signed.html",
        signed=[records[one.id] for one in signed if one.id in records],
        # A form that was sent twice comes here: what it asked for is there.
        before=[one.record for one in refused if one.record.status is RecordStatus.COUNTERSIGNED],
        left=[one for one in refused if one.record.status is not RecordStatus.COUNTERSIGNED],
        unknown=len(left) - len(refused),
    )


def _signer() -> Actor:
    actor = current_actor()
    if not may_as_office(actor, Action.DECIDE, Resource.ACTIVITY):
        raise Forbidden
    return actor
