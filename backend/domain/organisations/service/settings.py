"""Settings: each value holds from a day on, and is never overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.errors import SettingExists, SettingInvalid
from backend.domain.organisations.models import Setting
from backend.domain.organisations.queries import get_organisation, parties_to_own, require_right
from backend.domain.organisations.rules.settings import SETTINGS, why_not_setting
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


def set_setting(
    actor: Actor,
    organisation_id: UUID,
    key: str,
    value: Any,
    *,
    effective_on: date,
    document_title: str = "",
    document_number: str = "",
) -> Setting:
    """Let a setting have this value in an organisation and all below it from a day on; None ends it there.

    Raises:
        NotFound: no such setting, or the organisation lies outside the actor's.
        Forbidden: the current role may not set.
        SettingInvalid: the value is wrong, or the document that it needs is not named.
        SettingExists: there is a value from this very day on.
    """
    with transaction() as session:
        get_organisation(organisation_id)
        require_right(actor, Action.WRITE, Resource.SETTING, parties_to_own(actor, organisation_id))
        _check(key, value, document_title.strip(), document_number.strip())
        setting = Setting(
            id=new_id(),
            organisation_id=organisation_id,
            key=key,
            value=value,
            effective_on=effective_on,
            document_title=document_title.strip(),
            document_number=document_number.strip(),
            set_by_person_id=actor.person_id,
        )
        with refusals({"settings_organisation_id_key_effective_on_key": SettingExists}):
            session.add(setting)
        record_event(
            actor,
            "set_setting",
            "setting",
            setting.id,
            organisation_id=organisation_id,
            key=key,
            value=value,
            effective_on=effective_on.isoformat(),
        )
        return setting


def _check(key: str, value: Any, title: str, number: str) -> None:
    definition = SETTINGS.get(key)
    if definition is None:
        raise NotFound
    if bool(title) != bool(number):
        field = "document_number" if title else "document_title"
        raise SettingInvalid("依据文件和文号要一起填写。", fields={field: ["请填写。"]})
    wrong = why_not_setting(definition, value, document_number=number)
    if wrong is not None:
        field = "document_number" if definition.needs_document and not number else "value"
        raise SettingInvalid(wrong, fields={field: [wrong]})
