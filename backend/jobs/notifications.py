"""Delivering what is owed to people."""

from __future__ import annotations


def deliver_messages() -> None:
    """Send what is owed and due."""
