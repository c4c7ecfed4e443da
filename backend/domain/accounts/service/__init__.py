"""What one does with accounts: log in, be bound, switch role, give and take rights."""

from backend.domain.accounts.service.binding import Claim, bind_account
from backend.domain.accounts.service.console import ConsoleSession, change_password, log_in_console, store_password
from backend.domain.accounts.service.decisions import decide_binding_request
from backend.domain.accounts.service.delegations import end_delegation, give_delegation
from backend.domain.accounts.service.people import (
    disable_person,
    enable_person,
    get_person_by_staff_number,
    grant_role,
    revoke_role,
    set_initial_password,
    set_password,
)
from backend.domain.accounts.service.phone import PhoneSession, Tokens, log_in_phone, refresh_phone_session
from backend.domain.accounts.service.sessions import (
    authenticate_console,
    authenticate_phone,
    drop_old_sessions,
    log_out,
    refreshed,
    switch_role,
)

__all__ = [
    "Claim",
    "ConsoleSession",
    "PhoneSession",
    "Tokens",
    "authenticate_console",
    "authenticate_phone",
    "bind_account",
    "change_password",
    "decide_binding_request",
    "disable_person",
    "drop_old_sessions",
    "enable_person",
    "end_delegation",
    "get_person_by_staff_number",
    "give_delegation",
    "grant_role",
    "log_in_console",
    "log_in_phone",
    "log_out",
    "refresh_phone_session",
    "refreshed",
    "revoke_role",
    "set_initial_password",
    "set_password",
    "store_password",
    "switch_role",
]
