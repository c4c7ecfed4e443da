"""Situations in which somebody cannot be asked where they are, or cannot answer."""

from __future__ import annotations

from backend.foundation.errors import Conflict


class SpotCheckNotNow(Conflict):
    """The one concerned is not to be asked now."""

    code = "spot_check_not_now"


class SpotCheckOpen(Conflict):
    """The one concerned has another spot check to answer."""

    code = "spot_check_open"
    message = "此人还有一次查岗没有结束，请稍后再试。"


class SpotCheckOver(Conflict):
    """The spot check stands where this can no longer be done."""

    code = "spot_check_over"
    message = "这次查岗已经结束。如未来得及应答，请在查岗记录中说明情况。"


class SpotCheckSettled(Conflict):
    """There is nothing to review, or it has been reviewed."""

    code = "spot_check_settled"
    message = "这次查岗没有需要核实的情况，或已经核实，请刷新后查看。"


class OwnSpotCheck(Conflict):
    """One decides about oneself."""

    code = "own_spot_check"
    message = "不能处理自己的查岗，请由他人办理。"
