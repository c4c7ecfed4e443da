"""Every route of the application, with who may use it. A new one must take its place in here."""

from __future__ import annotations

from tests.architecture.rights import Route, everybody
from tests.architecture.routes.api import API
from tests.architecture.routes.console_clinics import CLINICS
from tests.architecture.routes.console_money import MONEY
from tests.architecture.routes.console_offices import OFFICES
from tests.architecture.routes.console_presence import PRESENCE
from tests.architecture.routes.console_work import WORK

OTHERS = {
    "static": Route(everybody, ids={"filename": "nothing"}),
    "health.alive": Route(everybody),
    "health.ready": Route(everybody),
    "health.metrics": Route(everybody),  # the proxy in front keeps it inside: docs/operations.md
}

ROUTES = API | OFFICES | PRESENCE | CLINICS | WORK | MONEY | OTHERS
