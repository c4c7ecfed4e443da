"""The page of a site's tablet (动态码): no log-in and no menu, a credential of the device's own in a cookie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as AnyResponse

from backend.console.forms import Form, FormSchema
from backend.domain.attendance.errors.taps import TabletUnknown
from backend.domain.attendance.service.tablets import Shown, pair_tablet, show_code
from backend.foundation.qr import qr_svg

bp = Blueprint("tablet", __name__, url_prefix="/tablet")
COOKIE = "bangfu_tablet"
_KEPT_SECONDS = 400 * 86_400  # the longest that browsers keep a cookie; each visit begins it anew


class PairingForm(FormSchema):
    """The code that the registering page showed."""

    code = fields.String(required=True, validate=validate.Length(max=40, error="配对码为12位字母和数字。"))


@bp.get("")
def show() -> AnyResponse | tuple[str, int]:
    """Show the present code, or ask for the pairing code where the device is no tablet yet."""
    credential = request.cookies.get(COOKIE, "")
    try:
        shown = show_code(credential)
    except TabletUnknown:
        return _pairing_page(Form(PairingForm()))
    page = render_template("tablet/page.html", site=shown.tablet.site, tablet=shown.tablet, shown=_described(shown))
    return _keep(make_response(page), credential)


@bp.post("")
def pair() -> AnyResponse | tuple[str, int]:
    """Make this device the tablet."""
    form = Form.submitted(PairingForm())
    credential = form.attempt(lambda: pair_tablet(form.data["code"])) if form.is_valid else None
    if credential is None:
        return _pairing_page(form)
    return _keep(redirect(url_for("console.tablet.show")), credential)


@bp.get("/code")
def tell() -> Response:
    """Tell the present code to the page; 401 to a device that is no tablet, or no longer."""
    try:
        return jsonify(_described(show_code(request.cookies.get(COOKIE, ""))))
    except TabletUnknown as unknown:
        refusal = jsonify({"message": unknown.text})
        refusal.status_code = unknown.status
        return refusal


def _described(shown: Shown) -> dict[str, Any]:
    return {
        "code": shown.code,
        "qr": qr_svg(shown.code),
        "now_ms": round(shown.now.timestamp() * 1000),
        "lasts_ms": round((shown.until - shown.now).total_seconds() * 1000),
    }


def _pairing_page(form: Form) -> tuple[str, int]:
    return render_template("tablet/pairing.html", form=form), form.status


def _keep(response: AnyResponse, credential: str) -> AnyResponse:
    response.set_cookie(
        COOKIE,
        credential,
        max_age=_KEPT_SECONDS,
        path=url_for("console.tablet.show"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return response
