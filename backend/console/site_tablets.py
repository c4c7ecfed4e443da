"""The tablets of a site (动态码平板): registered and revoked by the site's organisation."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.queries.tablets import get_tablet_site, list_tablets
from backend.domain.attendance.service.tablets import Registered, register_tablet, revoke_tablet
from backend.foundation.qr import qr_svg

bp = Blueprint("site_tablets", __name__, url_prefix="/sites/<uuid:site_id>/tablets")
Page = tuple[str, int] | Response


class TabletForm(FormSchema):
    """A tablet, by where it stands."""

    name = fields.String(required=True, validate=validate.Length(max=40, error="请控制在40字以内。"))


@bp.get("")
def show_list(site_id: UUID) -> Page:
    """Show the tablets of a site."""
    return _page(site_id, Form(TabletForm()))


@bp.post("")
def register(site_id: UUID) -> Page:
    """Register a tablet; its pairing code is shown this once."""
    form = Form.submitted(TabletForm())
    registered = None
    if form.is_valid:
        registered = form.attempt(lambda: register_tablet(current_actor(), site_id, form.data["name"]))
    return _page(site_id, form, registered)


@bp.post("/<uuid:tablet_id>/revoke")
def revoke(site_id: UUID, tablet_id: UUID) -> Page:
    """Take a tablet out of use."""
    revoke_tablet(current_actor(), site_id, tablet_id)
    flash("平板已停用，它显示的动态码立即失效。", "done")
    return redirect(url_for("console.site_tablets.show_list", site_id=site_id))


def _page(site_id: UUID, form: Form, registered: Registered | None = None) -> Page:
    site = get_tablet_site(current_actor(), site_id)
    tablets = list_tablets(site)
    address = url_for("console.tablet.show", _external=True)
    pairing = f"{address}#{registered.pairing_code}" if registered else ""
    page = render_template(
        "site_tablets/list.html",
        site=site,
        tablets=tablets,
        names=names_of(tablet.registered_by_person_id for tablet in tablets if tablet.registered_by_person_id),
        form=form if not registered else Form(TabletForm()),
        registered=registered,
        address=address,
        pairing_qr=qr_svg(pairing) if pairing else "",
    )
    return page, form.status
