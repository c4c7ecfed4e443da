"""People, roles, WeChat identities, passwords and sessions."""
