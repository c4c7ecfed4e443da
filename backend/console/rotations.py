"""Rotations (批次轮换): how each batch covers its recipients, and the working days on which nobody is there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from backend.console.gate import current_actor
from backend.domain.dispatch.queries import cover_of_rotation, list_rotations

bp = Blueprint("rotations", __name__, url_prefix="/rotations")


@bp.get("")
def show_list() -> str:
    """Show the rotations that the actor may read."""
    return render_template("rotations/list.html", rotations=list_rotations(current_actor()))


@bp.get("/<uuid:rotation_id>")
def show(rotation_id: UUID) -> str:
    """Show a rotation with its cover."""
    rotation, covers = cover_of_rotation(current_actor(), rotation_id)
    return render_template("rotations/one.html", rotation=rotation, covers=covers)
