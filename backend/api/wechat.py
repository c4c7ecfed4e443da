"""/wechat: what WeChat itself calls, to push events; signed with the token that it shares with us."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from backend.api.authentication import open_to_everybody
from backend.api.parsing import MAXIMUM_JSON_BYTES
from backend.api.schemas.wechat import GreetingInput, SignatureInput
from backend.domain.accounts.queries.addressees import find_recipient
from backend.domain.activities.service.pictures import heed_verdict
from backend.domain.notifications.service.events import heed_event, require_signature

bp = APIBlueprint("wechat", __name__, url_prefix="/wechat", enable_openapi=False)


@bp.get("/events")
@bp.input(GreetingInput, location="query")
@open_to_everybody
def greet(query_data: dict[str, str]) -> Response:
    """Show that we know the token, when the address is entered in the mini-program's back office."""
    echo = query_data.pop("echostr")
    require_signature(**query_data)
    return Response(echo, mimetype="text/plain")


@bp.post("/events")
@bp.input(SignatureInput, location="query")
@open_to_everybody
def take(query_data: dict[str, str]) -> Response:
    """Take an event. WeChat repeats it twice, five seconds apart, until it is answered."""
    require_signature(**query_data)
    request.max_content_length = MAXIMUM_JSON_BYTES
    heed_event(request.get_data(), find_recipient, heed_verdict)
    return Response("success", mimetype="text/plain")
