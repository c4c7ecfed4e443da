"""The clinics of a day with their counts, and the list of one on paper."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Response, render_template

from backend.console.desk.blueprint import bp, clerk
from backend.console.desk.forms import DayForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.clinics.printing.day_list import TITLE, write_day_list
from backend.domain.clinics.queries.desk import list_appeals, list_desk_clinics
from backend.domain.clinics.service.day_papers import print_day
from backend.foundation import clock
from backend.foundation.downloads import content_disposition


@bp.get("")
def show_days() -> str:
    """Show the clinics of a day, today's unless told otherwise."""
    actor, form = clerk(), Form.asked(DayForm())
    today = clock.today()
    day = form.data.get("day", today)
    return render_template(
        "desk/days.html",
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        clinics=list_desk_clinics(actor, day),
        appeals=list_appeals(actor, page_size=1).total,
    )


@bp.get("/clinics/<uuid:clinic_id>/list.pdf")
def show_pdf(clinic_id: UUID) -> Response:
    """Give the day's list to print."""
    printed = print_day(current_actor(), clinic_id)
    name = f"{TITLE}-{printed.expert}-{printed.day}.pdf"
    headers = {"Content-Disposition": content_disposition(name)}
    return Response(write_day_list(printed), mimetype="application/pdf", headers=headers)
