"""What is sent to routes: values that several of them take."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.access.rules import Action
from backend.foundation import clock

READ, WRITE, DECIDE, CONFIRM = Action.READ, Action.WRITE, Action.DECIDE, Action.CONFIRM
TODAY = clock.today()
LATER = TODAY + timedelta(days=30)
SITE = {"name": "新点", "longitude": "103.3", "latitude": "27.4", "coordinate_system": "GCJ-02", "radius_m": "200"}
REASON = {"version": "1", "reason": "工作需要"}
MONTH = {"month": f"{TODAY:%Y-%m}"}
RECORD_NOW = {"occurred_on": f"{TODAY}", "fields": {"patients": 3}, "version": 1}
RECORD = {"occurred_on": f"{TODAY}", "fields": {"patients": 3}, "dispatch_id": "{dispatch_id}"}
SIGNED = {"signature": "x", "timestamp": "1", "nonce": "x"}
PERSON = "{colleague_id}"
CLAIM = "00000000-0000-7000-8000-000000000000"
LEAVE = {"request_id": "{leave_id}"}
CORRECTION = {"request_id": "{correction_id}"}
ITEM = {"item_id": "{subsidy_item_id}"}
RULE = {"rule_id": "{subsidy_rule_id}"}
INDICATORS = {"organisation_id": "{recipient_id}", "year": "2026", "month": "1"}
