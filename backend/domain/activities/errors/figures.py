"""Situations that stop a figure."""

from __future__ import annotations

from backend.foundation.errors import Invalid


class PeriodBackwards(Invalid):
    """A period ends before it begins."""

    code = "period_backwards"
    message = "结束日期早于开始日期，请重新选择。"


class OrganisationNeeded(Invalid):
    """People and departments are told apart within one organisation only."""

    code = "organisation_needed"
    message = "按人员、科室统计时，请先选择一家机构。"
