"""A notice opens a page that the mini-program has."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from dev.places import ROOT

APP = json.loads((ROOT / "miniprogram_stub" / "app" / "app.json").read_text(encoding="utf-8"))
PAGES = {f"/{page}" for page in APP["pages"]} | {
    f"/{package['root']}/{page}" for package in APP["subPackages"] for page in package["pages"]
}
ROOTS = ("/pages/", "/packages/", *(f"/{package['root']}/" for package in APP["subPackages"]))


def pages_named_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(ROOTS):
            yield node.value.partition("?")[0]


def test_every_page_that_the_domains_name_is_one_of_the_mini_program() -> None:
    named = {page for file in (ROOT / "backend" / "domain").rglob("*.py") for page in pages_named_in(file)}
    assert "/pages/home/index" in named
    assert named - PAGES == set()
