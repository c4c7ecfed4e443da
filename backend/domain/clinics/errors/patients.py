"""The situations that stop who lets go of a patient."""

from __future__ import annotations

from backend.foundation.errors import Conflict


class HasLiveBookings(Conflict):
    """Somebody must be told if the clinic is closed."""

    code = "has_live_bookings"
    message = "这位就诊人还有未就诊的预约或候补，请先取消，再移除。"
