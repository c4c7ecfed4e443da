"""Situations in which there is no file to be made."""

from __future__ import annotations

from backend.foundation.errors import Conflict


class NoClaimsToExport(Conflict):
    """The filter keeps none."""

    code = "no_claims_to_export"
    message = "没有符合条件的补贴，请放宽筛选条件后再导出。"
