"""Situations in which the code on a paper leads nowhere."""

from __future__ import annotations

from backend.foundation.errors import NotFound


class VerificationCodeUnknown(NotFound):
    """No paper of ours carries this code."""

    code = "verification_code_unknown"
    message = "没有这个核验码对应的文件。请对照纸质文件逐位核对；如果无误，这份文件不是由本系统生成的。"
