"""What is called how of people, roles and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.accounts.rules import ROLE_LABELS

ACTIONS: Mapping[str, str] = {
    "log_in": "登录",
    "log_out": "退出登录",
    "end_reused_session": "登录凭证被重复使用，已强制下线",
    "switch_role": "切换身份",
    "set_password": "发放初始密码",
    "change_password": "修改密码",
    "grant_role": "授予身份",
    "revoke_role": "收回身份",
    "disable_person": "停用账号",
    "enable_person": "启用账号",
    "bind_account": "绑定微信",
    "withdraw_telephone": "更正手机号",
    "request_binding": "申请重新绑定",
    "accepted_binding": "同意重新绑定",
    "rejected_binding": "退回重新绑定申请",
}

NAMES: Mapping[str, Any] = {"role_label": ROLE_LABELS.__getitem__}
