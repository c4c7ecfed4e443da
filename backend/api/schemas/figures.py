"""Shapes of figures of activities."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.amounts import AmountOut
from backend.api.schemas.answers import NamedOut
from backend.api.schemas.strict import Choice, Day, Id, Input
from backend.domain.activities.rules.figures import By
from backend.domain.activities.rules.kinds import ActivityKind


class ActivityFiguresInput(Input):
    """Over which days, by what, and of which hospital and kind."""

    first = Day(data_key="from", required=True)
    last = Day(data_key="to", required=True)
    by = Choice(By, load_default=By.KIND)
    organisation_id = Id(metadata={"description": "受援单位或支援医院"})
    kind = Choice(ActivityKind)


class FiguresPeriodOut(Schema):
    """Days in a row, the last one included."""

    first = fields.Date(data_key="from", required=True)
    last = fields.Date(data_key="to", required=True)


class DepartmentOfFigureOut(Schema):
    """A department; without an id, of records that name none."""

    id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)


class TotalsBeforeOut(Schema):
    """What the same period a year before came to."""

    records = fields.Integer(required=True)
    quantity = fields.Nested(AmountOut, required=True, allow_none=True)
    person_times = fields.Nested(AmountOut, required=True, allow_none=True)
    records_query = fields.String(required=True)


class FigureOut(Schema):
    """One figure; `quantity` is null of kinds of several units together, `person_times` of a kind that has none."""

    kind = fields.Enum(ActivityKind, by_value=True)
    kind_label = fields.String()
    unit = fields.String()
    organisation = fields.Nested(NamedOut)
    month = fields.Date(format="%Y-%m")
    person = fields.Nested(NamedOut)
    department = fields.Nested(DepartmentOfFigureOut, allow_none=True)
    title = fields.String(metadata={"description": "新技术新项目的名称"})
    records = fields.Integer(required=True)
    quantity = fields.Nested(AmountOut, required=True, allow_none=True)
    person_times = fields.Nested(AmountOut, required=True, allow_none=True)
    imported = fields.Integer(required=True, metadata={"description": "其中台账导入的条数"})
    waiting = fields.Integer(required=True, metadata={"description": "另有待会签的条数，未计入"})
    before = fields.Nested(TotalsBeforeOut, required=True, allow_none=True)
    change_percent = fields.Float(required=True, allow_none=True)
    records_query = fields.String(
        required=True,
        metadata={"description": "GET /activities 的查询，恰为所计的记录；加 status 可只看导入的或待会签的"},
    )


class ActivityFiguresOut(Schema):
    """Figures, and over which days they and those before are."""

    first = fields.Date(data_key="from", required=True)
    last = fields.Date(data_key="to", required=True)
    before = fields.Nested(FiguresPeriodOut, required=True)
    items = fields.List(fields.Nested(FigureOut), required=True)
