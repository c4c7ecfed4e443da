"""What the tests of imports share: an import that must pass, and one that must not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from backend.domain.imports.service import Report, apply_roster
from backend.foundation.actor import SYSTEM, Actor

Import = Callable[..., Report]


@pytest.fixture
def imported(app: Flask) -> Import:
    """Import a file and insist that it passes."""

    def act(content: bytes, actor: Actor = SYSTEM) -> Report:
        report = apply_roster(actor, content)
        assert not report.refused, [finding.sentence() for finding in report.findings.errors]
        return report

    return act


@pytest.fixture
def refused(app: Flask) -> Callable[..., list[tuple[str, str, int | None, str]]]:
    """Import a file, insist that it is refused, and return code, sheet, row and column of each error."""

    def act(content: bytes, actor: Actor = SYSTEM) -> list[tuple[str, str, int | None, str]]:
        report = apply_roster(actor, content)
        assert report.refused
        return [(finding.code, finding.sheet, finding.row, finding.column) for finding in report.findings.errors]

    return act
