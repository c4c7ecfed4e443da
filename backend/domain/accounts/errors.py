"""What can go wrong when one logs in, is bound, or gives rights."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Forbidden, Invalid, TooManyAttempts, Unauthenticated, Unavailable


class AccessExpired(Unauthenticated):
    """The access token is past its time, or a refresh has replaced it."""

    code = "access_expired"
    message = "登录已过期，请刷新登录后重试。"


class SessionEnded(Unauthenticated):
    """The session has been ended: logged out, refreshed twice with one token, disabled, bound elsewhere, too old."""

    code = "session_ended"
    message = "登录已失效，请重新登录。"


class LoginCodeInvalid(Invalid):
    """WeChat does not know the code of wx.login: expired, used, or made up."""

    code = "login_code_invalid"
    message = "微信登录已失效，请重新打开小程序后再试。"


class PhoneCodeInvalid(Invalid):
    """WeChat does not know the code of the getPhoneNumber button."""

    code = "phone_code_invalid"
    message = "手机号授权已失效，请重新点击“授权手机号”。"


class WeChatBusy(Unavailable):
    """WeChat does not answer, or not now."""

    code = "wechat_busy"
    message = "微信服务繁忙，请稍后再试。"


class WeChatDenied(Forbidden):
    """WeChat holds the account for risky."""

    code = "wechat_denied"
    message = "微信提示该账号存在风险，暂时不能登录，请联系医务科。"


class AccountDisabled(Forbidden):
    """The account or the person behind it has been disabled."""

    code = "account_disabled"
    message = "账号已停用。如有疑问，请联系本单位医务科。"


class AlreadyBound(Conflict):
    """This WeChat is bound to a person already."""

    code = "already_bound"
    message = "当前微信已绑定人员身份，无需重复绑定。"


class AlreadyRequested(Conflict):
    """The same account asks twice at the same moment."""

    code = "already_requested"
    message = "绑定申请已提交，请等待医务科审核。"


class BindingNotMatched(Invalid):
    """Nobody on the roster has this number, name and last four digits; which of them is wrong is not told."""

    code = "binding_not_matched"
    message = (
        "没有找到与手机号、姓名、身份证后四位都一致的人员，请核对后重试。"
        "更换过手机号的，请同时填写机构代码和工号；仍不成功请联系本单位医务科。"
    )


class TooManyBindingAttempts(TooManyAttempts):
    """Somebody tries name after name, or digit after digit."""

    message = "绑定尝试次数过多，请1小时后再试，或联系本单位医务科。"


class BindingRequestDecided(Conflict):
    """Somebody else has decided it, or a later request has replaced it."""

    code = "binding_request_decided"
    message = "该绑定申请已处理，请刷新页面。"


class WeChatBoundMeanwhile(Conflict):
    """The account that asked has been bound to another person since."""

    code = "wechat_bound_meanwhile"
    message = "申请人的微信已绑定其他人员，请退回该申请。"


class PersonDisabled(Conflict):
    """The person has been disabled since the request was made."""

    code = "person_disabled"
    message = "该人员已停用，不能绑定，请退回该申请。"


class RejectionNeedsReason(Invalid):
    """The one who asked must be told why."""

    code = "reason_required"
    message = "退回申请请填写原因，申请人会看到。"


class WrongPassword(Unauthenticated):
    """No such person, no password, the wrong one, or an ambiguous staff number: the same for all."""

    code = "wrong_password"
    message = "工号或密码不正确。如工号在多家机构重复，请同时填写机构代码。"


class PasswordUnacceptable(Invalid):
    """The new password is too weak, or the old one again."""

    code = "password_unacceptable"
    message = "密码不符合要求。"


class OldPasswordWrong(Invalid):
    """The present password was not given right."""

    code = "old_password_wrong"
    message = "原密码不正确。"


class RoleNotHeld(Forbidden):
    """One can only switch to a role that one holds."""

    code = "role_not_held"
    message = "您没有这个身份，可能已被收回。请刷新后重新选择。"


class RoleUnfit(Invalid):
    """The organisation is not of a kind in which this role exists."""

    code = "role_unfit"
    message = "该机构不能设置这个身份：督查身份只能设在卫生健康局。"


class RoleHeldAlready(Conflict):
    """The person has the role already."""

    code = "role_held_already"
    message = "该人员已有这个身份。"


class NotOneself(Conflict):
    """Nobody takes their own rights: there might be nobody left to give them back."""

    code = "not_oneself"
    message = "不能停用本人或收回本人的管理员身份，请由其他管理员操作。"


class TelephoneTaken(Conflict):
    """Another person on the rosters has this number by now."""

    code = "telephone_taken"
    message = "该人员的手机号现由他人使用，请先在花名册中更正手机号。"


class DelegationInvalid(Invalid):
    """The dates make no sense, or the person may not be named to sign."""

    code = "delegation_invalid"
    message = "授权有误，请检查人员和日期。"


class DelegationExists(Conflict):
    """The person signs there already, or will."""

    code = "delegation_exists"
    message = "该人员已有授权，请先结束原来的授权，再重新授权。"


class DelegationOver(Conflict):
    """It has ended."""

    code = "delegation_over"
    message = "这项授权已经结束，请刷新后查看。"
