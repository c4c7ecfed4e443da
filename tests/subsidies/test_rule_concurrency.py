"""Rules that two decide on at once, each in a thread and connection of their own."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from flask import Flask

from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyRule
from backend.domain.subsidies.service.rules import approve_rule, reject_rule
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from tests.support.at_once import at_once, counted
from tests.support.county import make_county
from tests.support.factories import acting, make_person
from tests.support.subsidies import make_item, make_programme, make_rule

ROUNDS = 6


def test_of_two_who_decide_at_once_one_wins_and_of_two_that_overlap_one_holds(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        deans = [acting(make_person(county.hospital, roles=[Role.DEAN]), Role.DEAN) for _ in range(2)]
        programme = make_programme(county.hospital)
        items = [make_item(programme, name=f"名目{number}") for number in range(ROUNDS)]
        pairs = [[proposed(item).id for _ in deans] for item in items]
        ones = [proposed(make_item(programme, name=f"另一名目{number}")).id for number in range(ROUNDS)]

    for first, second in pairs:
        each = at_once(own_app, [partial(approve, deans[0], first), partial(approve, deans[1], second)])
        assert counted(each) == {"done": 1, "rule_overlaps": 1}
    for one in ones:
        both = at_once(own_app, [partial(approve, deans[0], one), partial(refuse, deans[1], one)])
        assert counted(both) == {"done": 1, "rule_decided": 1}
    with own_app.app_context():
        assert db.session.query(SubsidyRule).filter_by(status=RuleStatus.PROPOSED).count() == ROUNDS  # who was refused


def proposed(item: SubsidyItem) -> SubsidyRule:
    return make_rule(item, from_month=date(2026, 3, 1), status=RuleStatus.PROPOSED)


def approve(actor: Actor, rule_id: UUID) -> UUID:
    return approve_rule(actor, rule_id, 1).id


def refuse(actor: Actor, rule_id: UUID) -> UUID:
    return reject_rule(actor, rule_id, 1, "不合适").id
