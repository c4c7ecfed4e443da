"""What the browser loads: our own files only, in words that an old Chromium (86) knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import backend.console

STATIC = Path(backend.console.__file__).parent / "static"
TEMPLATES = Path(backend.console.__file__).parent / "templates"
TOO_NEW_FOR_CSS = (
    r":has\(",
    r"\d(dvh|svh|lvh)\b",
    r"\binset\s*:",
    "@container",
    "@layer",
    "subgrid",
    r"^\s*&",
    "color-mix",
)
TOO_NEW_FOR_SCRIPTS = (r"\?\?=", r"\|\|=", r"&&=", r"\.at\(", "structuredClone", r"Object\.hasOwn\b", r"#[a-z]+\s*[=(]")


@pytest.mark.parametrize("pattern", TOO_NEW_FOR_CSS)
def test_the_style_sheet_is_understood_by_chromium_86(pattern: str) -> None:
    assert not re.search(pattern, (STATIC / "console.css").read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("name", ["console.js", "vendor/htmx.min.js"])
def test_the_scripts_are_understood_by_chromium_86(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    without_texts = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "''", text)
    assert [found for pattern in TOO_NEW_FOR_SCRIPTS if (found := re.search(pattern, without_texts))] == []


def test_what_others_wrote_comes_with_its_licence() -> None:
    assert "Zero-Clause BSD" in (STATIC / "vendor" / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_no_template_has_a_script_or_style_in_the_page_or_loads_from_elsewhere() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script(?! src=\"\{\{ asset)|<style|\sstyle=|\son\w+=|javascript:", text), template
        assert "http:" not in text, template
        assert "https:" not in text, template


def test_every_form_that_is_posted_carries_its_token() -> None:
    for template in TEMPLATES.rglob("*.html"):
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", template.read_text(encoding="utf-8"), flags=re.S
        ):
            assert "csrf" in form, (template, form[:80])


def test_assets_may_be_kept_and_change_their_address_with_their_content(client: FlaskClient) -> None:
    page = client.get("/console/login").text
    addresses = re.findall(r"/console/static/[^\"]+", page)
    assert len(addresses) == 4
    assert all("?v=" in address for address in addresses)
    with client.get(addresses[0]) as asset:
        assert asset.headers.get("Cache-Control") != "no-store"
