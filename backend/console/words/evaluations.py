"""What is called how of evaluations at the end of a dispatch."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {}
