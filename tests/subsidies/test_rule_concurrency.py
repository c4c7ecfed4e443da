"""Rules that two decide on at once, each in a thread and connection of their own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask

from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.rules.programmes import RuleStatus
from backend.domain.subsidies.service.rules import approve_rule, reject_rule
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from tests.support.at_once import at_once, counted
from tests.support.county import make_county
from tests.support.factories import acting, make_person
from tests.support.subsidies import make_item, make_programme, make_rule


def test_of_two_who_decide_at_once_one_wins_and_of_two_that_overlap_one_holds(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        deans = [acting(make_person(county.hospital, roles=[Role.DEAN]), Role.DEAN) for _ in range(2)]
        programme = make_programme(county.hospital)
        one = make_rule(make_item(programme, name="甲"), status=RuleStatus.PROPOSED).id
        item = make_item(programme, name="乙")
        overlapping = [
            make_rule(
                item, from_month=date(2026, month, 1), until_month=date(2026, 9, 1), status=RuleStatus.PROPOSED
            ).id
            for month in (3, 3)
        ]

    def approve(actor: Actor, rule_id: UUID) -> UUID:
        return approve_rule(actor, rule_id, 1).id

    both = at_once(own_app, [lambda: approve(deans[0], one), lambda: reject_rule(deans[1], one, 1, "不合适").id])
    assert counted(both) == {"done": 1, "rule_decided": 1}
    each = at_once(own_app, [lambda: approve(deans[0], overlapping[0]), lambda: approve(deans[1], overlapping[1])])
    assert counted(each) == {"done": 1, "rule_overlaps": 1}
    with own_app.app_context():
        approved = db.session.query(SubsidyRule).filter_by(item_id=item.id, status=RuleStatus.APPROVED)
        assert approved.count() == 1
