"""Shapes of records of activities; what a kind's own fields hold, `rules.content` reads by the table of kinds."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.activity_kinds import fields_of_any_kind
from backend.api.schemas.amounts import AmountOut
from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.strict import (
    Choice,
    Day,
    Flag,
    Id,
    Input,
    Members,
    PageInput,
    Part,
    Parts,
    QueryFlag,
    Text,
    Whole,
)
from backend.domain.activities.rules.fields import FieldKind
from backend.domain.activities.rules.kinds import ActivityKind, Group, Proof
from backend.domain.activities.rules.presence import Presence
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.proofs import MAXIMUM_FILES
from backend.domain.attachments.rules import ContentType, PictureCheck


class ProofInput(Input):
    """A file that was uploaded, by what it proves."""

    attachment_id = Id(required=True)
    proof = Choice(Proof, required=True)


class _ContentInput(Input):
    occurred_on = Day(required=True, metadata={"description": "当天或之前，在派驻起止时间内"})
    department_id = Id(allow_none=True, metadata={"description": "受援单位的科室；不填为派驻科室"})
    fields_ = Members(data_key="fields", attribute="fields", required=True, metadata=fields_of_any_kind())
    files = Parts(Part(ProofInput), maximum=MAXIMUM_FILES, load_default=list)


class ActivityInput(_ContentInput):
    """A record: its kind, its day, and what that kind has fields for."""

    kind = Choice(ActivityKind, required=True)
    dispatch_id = Id(allow_none=True, metadata={"description": "当天只有一次派驻时可以不填"})
    submit = Flag(load_default=False)


class ActivityChangeInput(_ContentInput):
    """A draft, or what was returned, as it should be; its kind and its dispatch stay."""

    version = Whole(minimum=1, maximum=1_000_000, required=True)


class ActivityVersionInput(Input):
    """The version that was read: what has changed since is not overwritten."""

    version = Whole(minimum=1, maximum=1_000_000, required=True)


class LastInput(Input):
    """Of which kind."""

    kind = Choice(ActivityKind, required=True)


class ActivitiesInput(PageInput):
    """Which records of those that one may read."""

    mine = QueryFlag(load_default=False)
    counted = QueryFlag(
        load_default=False,
        metadata={"description": "只要当前身份的统计所计入的：已会签和台账导入；另选状态时，为其中这一状态的"},
    )
    status = Choice(RecordStatus)
    kind = Choice(ActivityKind)
    first = Day(data_key="from")
    last = Day(data_key="to")
    person_id = Id()
    recipient_id = Id()
    supporting_id = Id()
    department_id = Id()
    organisation_id = Id(metadata={"description": "受援单位或支援医院"})
    without_department = QueryFlag(load_default=False)
    title = Text(minimum=0, maximum=200, metadata={"description": "与标题完全相同"})
    without_title = QueryFlag(load_default=False)
    text = Text(minimum=0, maximum=50, load_default="")


class ChoiceOut(Schema):
    """A word that can be chosen."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class FieldOut(Schema):
    """A field of a kind of record; `maximum`: characters, or the largest number."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.Enum(FieldKind, by_value=True, required=True)
    required = fields.Boolean(required=True)
    maximum = fields.Integer(required=True)
    unit = fields.String(required=True)
    choices = fields.List(fields.Nested(ChoiceOut), required=True)
    clinical = fields.Boolean(required=True)
    remembered = fields.Boolean(required=True)
    hint = fields.String(required=True)


class ProofKindOut(Schema):
    """What a file can prove."""

    proof = fields.Enum(Proof, by_value=True, required=True)
    label = fields.String(required=True)


class KindOut(Schema):
    """A kind of record; `quantity`, `person_times` and `title` name its fields that are counted and that name it."""

    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    label = fields.String(required=True)
    unit = fields.String(required=True)
    quantity = fields.List(fields.String(), required=True)
    person_times = fields.String(required=True)
    title = fields.String(required=True)
    proofs = fields.List(fields.Nested(ProofKindOut), required=True)
    fields_ = fields.List(fields.Nested(FieldOut), required=True, data_key="fields", attribute="fields")


class KindGroupOut(Schema):
    """Kinds that stand together where one is chosen."""

    group = fields.Enum(Group, by_value=True, required=True)
    label = fields.String(required=True)
    kinds = fields.List(fields.Nested(KindOut), required=True)


class KindsOut(Schema):
    """All kinds of records, with their fields: forms are made from this."""

    groups = fields.List(fields.Nested(KindGroupOut), required=True)
    proofs = fields.List(fields.Nested(ProofKindOut), required=True)


class LastOut(Schema):
    """What one wrote last of a kind, as far as it is offered again."""

    fields_ = fields.Dict(required=True, data_key="fields", attribute="fields")
    dispatch_id = fields.UUID(required=True, allow_none=True)


class ActivityRemarkOut(Schema):
    """Something that was noticed, in Chinese."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class ActivityWarningOut(ActivityRemarkOut):
    """Something in a field that says who a patient is."""

    field = fields.String(required=True)


class PresenceOut(Schema):
    """The attendance of the day beside a record."""

    code = fields.Enum(Presence, by_value=True, required=True)
    label = fields.String(required=True)


class _RecordOut(Schema):
    id = fields.UUID(required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    title = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    weekday_label = fields.String(required=True)
    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    supporting = fields.Nested(NamedOut, required=True)
    quantity = fields.Nested(AmountOut, required=True)
    person_times = fields.Nested(AmountOut, required=True, allow_none=True)
    status = fields.Enum(RecordStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    is_late = fields.Boolean(required=True)
    edition = fields.Integer(required=True)
    held = fields.Nested(ActivityRemarkOut, required=True, allow_none=True)
    return_reason = fields.String(required=True)
    version = fields.Integer(required=True)


class ActivityCardOut(_RecordOut):
    """A record in a list; `thin`: how much in it is missing or thin, `held`: why handing it in did not work."""

    files = fields.Integer(required=True)
    thin = fields.Integer(required=True)


class ActivitiesOut(PageOut):
    """A page of records."""

    items = fields.List(fields.Nested(ActivityCardOut), required=True)


class ActivityLineOut(Schema):
    """A field of a record as people read it."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class ActivityFileOut(Schema):
    """A file of a record, and what was found in it."""

    attachment_id = fields.UUID(required=True)
    proof = fields.Enum(Proof, by_value=True, required=True)
    proof_label = fields.String(required=True)
    filename = fields.String(required=True)
    content_type = fields.Enum(ContentType, by_value=True, required=True)
    size = fields.Integer(required=True, metadata={"description": "字节数"})
    picture = fields.Boolean(required=True)
    check = fields.Enum(PictureCheck, by_value=True, required=True)
    check_label = fields.String(required=True)
    findings = fields.List(fields.Nested(ActivityRemarkOut), required=True)


class CountersignedOut(Schema):
    """By whom it was countersigned, and when."""

    by = fields.String(required=True)
    as_label = fields.String(required=True)
    at = LocalTime(required=True)


class EditionOut(Schema):
    """An edition of a record."""

    id = fields.UUID(required=True)
    edition = fields.Integer(required=True)
    status_label = fields.String(required=True)
    countersigned_at = LocalTime(required=True, allow_none=True)


class PermitsOut(Schema):
    """What the reader may do with it."""

    edit = fields.Boolean(required=True)
    submit = fields.Boolean(required=True)
    recall = fields.Boolean(required=True)
    discard = fields.Boolean(required=True)
    amend = fields.Boolean(required=True)
    countersign = fields.Boolean(required=True)
    give_back = fields.Boolean(required=True, data_key="return")


class ActivityOut(_RecordOut):
    """A record as a whole, for those who may read it."""

    series_id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True, allow_none=True)
    department = fields.Nested(NamedOut, required=True, allow_none=True)
    fields_ = fields.Dict(required=True, data_key="fields", attribute="values", metadata=fields_of_any_kind())
    lines = fields.List(fields.Nested(ActivityLineOut), required=True)
    files = fields.List(fields.Nested(ActivityFileOut), required=True)
    presence = fields.Nested(PresenceOut, required=True)
    thin = fields.List(fields.Nested(ActivityRemarkOut), required=True)
    warnings = fields.List(fields.Nested(ActivityWarningOut), required=True)
    returned_at = LocalTime(required=True, allow_none=True)
    countersigned = fields.Nested(CountersignedOut, required=True, allow_none=True)
    source = fields.String(required=True)
    editions = fields.List(fields.Nested(EditionOut), required=True)
    may = fields.Nested(PermitsOut, required=True)
    created_at = LocalTime(required=True)
    submitted_at = LocalTime(required=True, allow_none=True)
