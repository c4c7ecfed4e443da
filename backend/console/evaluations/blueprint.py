"""The place of evaluations in the console."""

from flask import Blueprint

bp = Blueprint("evaluations", __name__, url_prefix="/evaluations")
PAGE_SIZE = 50
