"""The blueprint of all pages about dispatches."""

from flask import Blueprint

bp = Blueprint("dispatches", __name__, url_prefix="/dispatches")
