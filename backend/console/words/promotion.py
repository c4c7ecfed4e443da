"""What is called how of promotion and its rules."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {}
