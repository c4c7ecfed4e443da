"""Money due for days away from home (下乡补贴): rules, claims, approvals, payment."""
