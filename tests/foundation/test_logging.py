"""Logs never carry personal data, whatever is passed by mistake."""

from __future__ import annotations

import pytest

from backend.foundation.logging import FORBIDDEN_KEYS, drop_personal_data


@pytest.mark.parametrize("key", sorted(FORBIDDEN_KEYS))
def test_the_value_of_a_forbidden_key_is_removed(key: str) -> None:
    event = drop_personal_data(None, "info", {"event": "x", key: "13800000000"})
    assert event == {"event": "x", key: "[removed]"}


def test_other_keys_stay() -> None:
    assert drop_personal_data(None, "info", {"event": "x", "count": 3}) == {"event": "x", "count": 3}
