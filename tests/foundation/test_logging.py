"""Logs never carry personal data, whatever is passed by mistake."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.extensions import db
from backend.foundation.logging import FORBIDDEN_KEYS, drop_personal_data, tell_no_error_text


@pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
def test_the_value_of_a_forbidden_key_is_removed(key: str) -> None:
    event = drop_personal_data(None, "info", {"event": "x", key: "13800000000"})
    assert event == {"event": "x", key: "[removed]"}


def test_other_keys_stay() -> None:
    assert drop_personal_data(None, "info", {"event": "x", "count": 3}) == {"event": "x", "count": 3}


def test_an_error_is_told_by_kind_and_place_and_not_by_its_text() -> None:
    try:
        raise ValueError("Failing row contains (张三)")
    except ValueError as error:
        event = tell_no_error_text(None, "error", {"event": "x", "exc_info": (type(error), error, error.__traceback__)})
    assert event["kind"] == "ValueError"
    assert "test_an_error_is_told_by_kind_and_place" in event["where"][0]
    assert "张三" not in repr(event)


def test_an_error_of_the_database_does_not_quote_what_was_typed(app: Flask) -> None:
    with pytest.raises(DBAPIError) as caught, db.session.begin_nested():
        db.session.execute(text("SELECT CAST(:typed AS text), 1 / 0"), {"typed": "张三"})
    assert "张三" not in str(caught.value)
