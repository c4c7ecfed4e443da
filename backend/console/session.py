"""Logging in and out, the password, and the current identity."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import MUST_CHANGE_PASSWORD, TOKEN, current_actor
from backend.console.navigation import first_page
from backend.domain.accounts import service as accounts
from backend.domain.accounts.service import ConsoleSession
from backend.foundation.actor import Role
from backend.foundation.errors import Invalid, Unauthenticated

bp = Blueprint("session", __name__)
Page = str | tuple[str, int] | Response


class LogInForm(FormSchema):
    """What one logs in with."""

    organisation_code = fields.String(load_default=None, validate=validate.Length(max=40, error="机构代码过长。"))
    staff_number = fields.String(required=True, validate=validate.Length(max=60, error="工号过长。"))
    password = fields.String(
        required=True, validate=validate.Length(max=200, error="密码过长。"), metadata={"verbatim": True}
    )
    next = fields.String(load_default="")


class PasswordForm(FormSchema):
    """A change of one's own password."""

    old = fields.String(required=True, metadata={"verbatim": True})
    new = fields.String(required=True, metadata={"verbatim": True})
    again = fields.String(required=True, metadata={"verbatim": True})


@bp.get("/login")
def show_log_in() -> Page:
    """Ask who it is."""
    if isinstance(session.get(TOKEN), str):
        return redirect(url_for("console.session.home"))
    return _log_in_page(Form(LogInForm(), next=request.args.get("next", "")))


@bp.post("/login")
def log_in() -> Page:
    """Begin a session."""
    form = Form.submitted(LogInForm())
    if form.is_valid:
        begun = form.attempt(lambda: _begin(form))
        if begun is not None:
            session.clear()  # nothing that was set before the log-in may live on after it
            session[TOKEN] = begun.token
            session[MUST_CHANGE_PASSWORD] = begun.must_change_password
            return redirect(_page_of_ours(form.data["next"]) or url_for("console.session.home"))
    return _log_in_page(form)


@bp.post("/logout")
def log_out() -> Page:
    """End the session."""
    accounts.log_out(current_actor())
    session.clear()
    flash("已退出登录。", "done")
    return redirect(url_for("console.session.show_log_in"))


@bp.get("/")
def home() -> Page:
    """Open the first page of the current role."""
    return redirect(first_page(current_actor()))


@bp.get("/welcome")
def welcome() -> Page:
    """Tell somebody whose role has nothing here where to go instead."""
    return render_template("session/welcome.html")


@bp.post("/role")
def switch_role() -> Page:
    """Take another of one's roles (切换身份)."""
    role, _, organisation_id = request.form.get("identity", "").partition(":")
    try:
        identity = Role(role), UUID(organisation_id)
    except ValueError:
        raise Invalid("请从列表中选择您的身份。") from None
    g.actor = accounts.switch_role(current_actor(), *identity)
    return redirect(first_page(current_actor()))


@bp.get("/password")
def show_password() -> Page:
    """Ask for a new password."""
    return _password_page(Form(PasswordForm()))


@bp.post("/password")
def change_password() -> Page:
    """Change one's own password."""
    form = Form.submitted(PasswordForm())
    if form.is_valid and form.data["new"] != form.data["again"]:
        form.refuse("两次输入的新密码不一致。", {"again": ["请再输入一次新密码。"]})
    if form.is_valid and form.attempt(lambda: _change(form)):
        session[MUST_CHANGE_PASSWORD] = False
        flash("密码已修改。", "done")
        return redirect(url_for("console.session.home"))
    return _password_page(form)


def _begin(form: Form) -> ConsoleSession | None:
    try:
        return accounts.log_in_console(
            organisation_code=form.data["organisation_code"],
            staff_number=form.data["staff_number"],
            password=form.data["password"],
            address=request.remote_addr or "",
        )
    except Unauthenticated as error:
        form.refuse(error.text, error.fields)
        form.status = error.status
        return None


def _change(form: Form) -> bool:
    accounts.change_password(current_actor(), form.data["old"], form.data["new"])
    return True


def _page_of_ours(address: str) -> str | None:
    """Only a path of the console: a log-in must not send people to somebody else's site."""
    ours = address.startswith("/console/") and "\\" not in address and "\n" not in address
    return address if ours else None


def _log_in_page(form: Form) -> tuple[str, int]:
    return render_template("session/log_in.html", form=form), form.status


def _password_page(form: Form) -> tuple[str, int]:
    forced = bool(session.get(MUST_CHANGE_PASSWORD))
    return render_template("session/password.html", form=form, forced=forced), form.status
