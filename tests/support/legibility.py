"""What on a page is too small to read or to press, too pale, or beyond the screen's edge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

OFFICE_SCREENS = [(1366, 768), pytest.param(390, 844, marks=pytest.mark.slow)]
"""The office's PC; and a phone, on which the slow tests look at its pages again."""


def flaws_of(page: Page, smallest_px: int = 12) -> list[str]:
    """Say what is hard to read on the page, once it stands: a page that is being left has no body."""
    page.wait_for_load_state()
    found: list[str] = page.evaluate(_SCRIPT, smallest_px)
    return found


def look(page: Page, name: str) -> None:
    """Find no flaw on an office's page; keep its picture where somebody wants to see it."""
    if folder := os.environ.get("BANGFU_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert flaws_of(page) == []
