"""What is called how of payment runs and bank accounts."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {}
