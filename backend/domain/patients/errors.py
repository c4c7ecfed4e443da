"""The situations that stop who adds a patient."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, TooManyAttempts


class IdentityNameMismatch(Invalid):
    """The number is known under another name; which one, nobody is told."""

    code = "identity_name_mismatch"
    message = "姓名与证件号码核对不上，请对照证件重新填写；仍不通过，请带证件到服务台办理。"


class TooManyPatientAttempts(TooManyAttempts):
    """Names were tried on numbers."""

    message = "姓名与证件号码多次核对不上，请一小时后再试，或带证件到服务台办理。"


class TooManyPatients(Conflict):
    """The account acts for as many as one may."""

    code = "too_many_patients"
    message = "一个微信号最多添加6位就诊人，请先移除不再需要的。"


class SelfAlreadyAdded(Conflict):
    """One is oneself once."""

    code = "self_already_added"
    message = "您已添加过本人，请选择与就诊人的其他关系。"
