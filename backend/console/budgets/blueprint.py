"""The blueprint of all pages about budgets."""

from __future__ import annotations

from flask import Blueprint
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import FormSchema

bp = Blueprint("budgets", __name__, url_prefix="/budgets")
Page = str | tuple[str, int] | Response


class YearForm(FormSchema):
    """Which year."""

    year = fields.Integer(validate=validate.Range(min=2000, max=2099))
