"""Today (今日在岗), or another day: everyone sent out, how each of their shifts stands, the sites where nobody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from marshmallow import fields, validate

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.domain.attendance.queries.board import Board, BoardRow, today_board
from backend.domain.attendance.rules.days import Presence
from backend.domain.dispatch.rules import Shift
from backend.foundation import clock
from backend.foundation.paging import Page

bp = Blueprint("today", __name__, url_prefix="/today")
PAGE_SIZE = 100
KEPT = ("day", "recipient", "department", "name")  # in the links that narrow by state


class FiltersForm(PageForm):
    """What the board is narrowed to."""

    day = fields.Date()
    state = fields.Enum(Presence, by_value=True)
    recipient = fields.UUID()
    department = fields.String()
    name = fields.String(validate=validate.Length(max=40))


@dataclass(frozen=True)
class Tally:
    """How many people have a shift that stands so."""

    state: Presence
    people: int


@bp.get("")
def show() -> str:
    """Show the board; the page asks for its changing part alone every half minute."""
    filters = Form.asked(FiltersForm())
    today = clock.today()
    board = today_board(current_actor(), filters.data.get("day", today))
    rows = [row for row in board.rows if _fits(row, filters)]
    template = "today/board.html" if request.headers.get("HX-Target") == "board" else "today/page.html"
    return render_template(
        template,
        board=board,
        today=today,
        filters=filters,
        page=_page_of(rows, filters.data["page"]),
        tallies=[Tally(state, board.count(state)) for state in Presence],
        recipients=_recipients(board),
        departments=_departments(board),
        shifts=[shift for shift in Shift if any(part.shift is shift for row in board.rows for part in row.shifts)],
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
    )


def _fits(row: BoardRow, filters: Form) -> bool:
    asked = filters.data
    person = row.dispatch.person
    return (
        ("recipient" not in asked or row.dispatch.recipient_id == asked["recipient"])
        and ("department" not in asked or _department(row) == asked["department"])
        and ("name" not in asked or asked["name"] in person.name or person.staff_number.startswith(asked["name"]))
        and ("state" not in asked or any(part.presence is asked["state"] for part in row.shifts))
    )


def _department(row: BoardRow) -> str:
    department = row.dispatch.person.department
    return department.name if department else ""


def _page_of(rows: list[BoardRow], number: int) -> Page[BoardRow]:
    number = min(number, max(1, -(-len(rows) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    return Page(items=rows[first : first + PAGE_SIZE], page=number, page_size=PAGE_SIZE, total=len(rows))


def _recipients(board: Board) -> list[tuple[str, str]]:
    return _by_text((str(row.dispatch.recipient_id), row.dispatch.recipient.name) for row in board.rows)


def _departments(board: Board) -> list[tuple[str, str]]:
    return _by_text((name, name) for row in board.rows if (name := _department(row)))


def _by_text(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(set(options), key=lambda option: option[1])
