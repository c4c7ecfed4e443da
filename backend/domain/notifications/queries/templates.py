"""Which templates this installation has at WeChat."""

from __future__ import annotations

from backend.config import InstalledTemplate
from backend.domain.notifications.rules.templates import TemplateKey
from backend.wechat.current import current_settings


def find_template(key: TemplateKey) -> InstalledTemplate | None:
    """Return a template as it is installed, None where it is not."""
    return current_settings().wechat_templates.get(key)


def find_template_by_id(template_id: str) -> tuple[TemplateKey, InstalledTemplate] | None:
    """Return whose id at WeChat this is, None for an id that is not ours."""
    for key, installed in current_settings().wechat_templates.items():
        if installed.id == template_id:
            return TemplateKey(key), installed
    return None
