"""How a state looks: a sign and a colour beside its word; see .state in console.css."""

from __future__ import annotations

from markupsafe import Markup


def state(text: str, look: str) -> Markup:
    """Return a state as sign and word."""
    return Markup('<span class="state {}">{}</span>').format(look, text)
