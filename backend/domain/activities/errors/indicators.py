"""The situations that stop somebody who enters indicators."""

from __future__ import annotations

from backend.foundation.errors import Invalid


class IndicatorInvalid(Invalid):
    """The value, month, source or organisation cannot be right."""

    code = "indicator_invalid"
    message = "业务指标填写有误，请按提示修改。"
