"""The iCalendar feed of an expert's clinics, at a secret address that calendars read without a log-in."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, url_for

from backend.api.authentication import current_actor, open_to_everybody
from backend.api.schemas.calendar_feeds import FeedOut
from backend.domain.clinics.printing.calendar import write_calendar
from backend.domain.clinics.queries.feeds import get_feed
from backend.domain.clinics.service.feeds import end_feed, give_feed
from backend.foundation import clock

bp = APIBlueprint("calendar_feeds", __name__, tag="坐诊")


@bp.get("/clinics/calendar/<string:secret>.ics")
@open_to_everybody
@bp.doc(
    summary="专家的坐诊日历（iCalendar）",
    description="地址本身就是凭据，无需登录；停诊的标为CANCELLED。",
    responses={200: "日历文件", 404: "没有这个地址，或已作废"},
)
def show(secret: str) -> Response:
    return Response(write_calendar(get_feed(secret), clock.now()), mimetype="text/calendar")


@bp.post("/me/calendar-feed")
@bp.output(FeedOut, status_code=201)
@bp.doc(summary="取得坐诊日历的订阅地址", description="原地址随即作废。", responses={403: "不在名册上"})
def give() -> dict[str, str]:
    secret = give_feed(current_actor())
    return {"url": url_for("api.calendar_feeds.show", secret=secret, _external=True)}


@bp.delete("/me/calendar-feed")
@bp.output({}, 204)
@bp.doc(summary="作废坐诊日历的订阅地址", responses={403: "不在名册上"})
def end() -> str:
    end_feed(current_actor())
    return ""
