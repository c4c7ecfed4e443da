"""The page about the house names every domain, in its picture and among those who may import whom."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "architecture.md").read_text()


def domains() -> set[str]:
    return {path.parent.name for path in (_ROOT / "backend" / "domain").glob("*/__init__.py")}


def test_the_picture_of_the_house_has_every_domain() -> None:
    picture = _PAGE[_PAGE.index("  domain/ ") : _PAGE.index("  wechat/ ")]
    assert set(re.findall(r"^    (\w+)/", picture, re.MULTILINE)) == domains()


def test_the_order_of_domains_is_that_which_imports_are_held_to() -> None:
    told = _PAGE[_PAGE.index("2. Inside `domain`:") : _PAGE.index("3. Inside a package")]
    contracts = ConfigParser()
    contracts.read(_ROOT / ".importlinter")
    layers = contracts["importlinter:contract:domain"]["layers"]
    order = [name for name in re.findall(r"\w+", layers) if name in domains()]
    assert re.findall(r"\w+", told.split(":", 1)[1]) == order
