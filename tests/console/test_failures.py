"""Pages that are not there, and faults of ours."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.console import rotations
from tests.support.console import Office, words_of


def test_a_page_that_is_not_there_says_so_in_chinese(office: Office) -> None:
    for path in ("/nowhere", "/dispatches/nonsense", "/people/00000000-0000-0000-0000-000000000000"):
        response = office.open(path)
        assert response.status_code == 404
        assert "没有找到" in words_of(response)


def test_a_wrong_method_finds_nothing(office: Office) -> None:
    for response in (office.open("/logout"), office.send("/today")):
        assert response.status_code == 404
        assert "没有找到" in words_of(response)


def test_a_fault_of_ours_shows_no_innards(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_actor: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(rotations, "list_rotations", break_down)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    response = office.open("/rotations")
    assert response.status_code == 500
    assert "问题已记录" in words_of(response)
    assert "secret" not in response.text
