"""Situations in which an organisation, a site, an agreement or a setting cannot be kept so."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class OrganisationExists(Conflict):
    """Another organisation has this official code."""

    code = "organisation_exists"
    message = "这个机构代码已经存在，请核对后再填。"


class OrganisationInvalid(Invalid):
    """A name, code or department is missing."""

    code = "organisation_invalid"


class DepartmentExists(Conflict):
    """The organisation has a department of this name."""

    code = "department_exists"
    message = "本机构已有同名科室。"


class SiteExists(Conflict):
    """The organisation has a site of this name."""

    code = "site_exists"
    message = "本机构已有同名派驻点，请换一个名称，或修改原有的派驻点。"


class SiteInvalid(Invalid):
    """The place or the radius cannot be right."""

    code = "site_invalid"


class AgreementOverlaps(Conflict):
    """The pair has an agreement for some of these days."""

    code = "agreement_overlaps"
    message = "这两家单位在该期间已有协议，请修改期间，或修改原有的协议。"


class AgreementInvalid(Invalid):
    """The parties or the dates make no agreement."""

    code = "agreement_invalid"


class SettingExists(Conflict):
    """The setting has another value from the same day on."""

    code = "setting_exists"
    message = "这一天已经有一项同样的设置。设置不能覆盖，请另选生效日期。"


class SettingInvalid(Invalid):
    """The value, or the document that it needs, is missing or wrong."""

    code = "setting_invalid"


class CalendarInvalid(Invalid):
    """The days do not make the calendar of that year, or no document is named."""

    code = "calendar_invalid"
    message = "工作日历填写有误，请按提示修改。"


class CalendarPublished(Conflict):
    """The year is built in: nothing is to be entered."""

    code = "calendar_published"
    message = "这一年的国务院安排已内置，无需录入。"
