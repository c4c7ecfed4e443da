"""Rules that two decide on at once, and certificates that two issue at once, each in a thread of its own."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.domain.careers.service.certificates import issue_certificate
from backend.domain.careers.service.promotion_rules import approve_rule, reject_rule
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from tests.support.at_once import at_once, counted
from tests.support.careers import ASSOCIATE_CHIEF, make_promotion_rule, serve
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

ROUNDS = 5


def test_of_two_who_decide_or_issue_at_once_one_wins_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        deans = [acting(make_person(county.hospital, roles=[Role.DEAN]), Role.DEAN) for _ in range(2)]
        clerks = [acting(make_person(county.hospital, roles=[Role.PERSONNEL]), Role.PERSONNEL) for _ in range(2)]
        ones = [proposed(county, f"规则{number}") for number in range(ROUNDS)]
        pairs = [[proposed(county, f"另一规则{number}") for _ in deans] for number in range(ROUNDS)]
        doctors = [served_doctor(county) for _ in range(ROUNDS)]

    for one in ones:
        both = at_once(own_app, [partial(approve, deans[0], one), partial(refuse, deans[1], one)])
        assert counted(both) == {"done": 1, "stale_version": 1}
    for first, second in pairs:
        each = at_once(own_app, [partial(approve, deans[0], first), partial(approve, deans[1], second)])
        assert counted(each) == {"done": 1, "promotion_rule_overlaps": 1}
    for doctor_id in doctors:
        issued = at_once(own_app, [partial(issue, clerk, doctor_id) for clerk in clerks])
        assert counted(issued) == {"done": 1, "certificate_issued": 1}


def proposed(county: County, name: str) -> UUID:
    during = Range(date(2022, 3, 1), None)
    status = RuleStatus.PROPOSED
    return make_promotion_rule(county.hospital, name=name, during=during, required_days=1, status=status).id


def served_doctor(county: County) -> UUID:
    doctor = make_person(county.hospital)
    serve(make_dispatch(doctor, county.township, starts_on=date(2025, 3, 3), ends_on=date(2025, 3, 7)))
    db.session.commit()
    return doctor.id


def approve(actor: Actor, rule_id: UUID) -> UUID:
    return approve_rule(actor, rule_id, 1).id


def refuse(actor: Actor, rule_id: UUID) -> UUID:
    return reject_rule(actor, rule_id, 1, reason="不合适").id


def issue(actor: Actor, person_id: UUID) -> UUID:
    return issue_certificate(actor, person_id, ASSOCIATE_CHIEF).id
