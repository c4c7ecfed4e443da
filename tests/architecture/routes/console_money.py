"""The console's routes about subsidies and careers."""

from __future__ import annotations

from backend.domain.access.rules import Resource
from tests.architecture.rights import (
    Route,
    export_of,
    listing,
    office_listing,
    own_organisation,
    redrafting_claims,
    row_of_hospital,
    row_of_pair,
)
from tests.architecture.routes.asked import (
    DECIDE,
    ITEM,
    READ,
    REASON,
    RULE,
    TODAY,
    WRITE,
)

MONEY = {
    "console.promotion.show_list": Route(office_listing(READ, Resource.PROMOTION)),
    "console.promotion.export": Route(
        lambda someone: 403 if someone.is_concerned else row_of_hospital(READ, Resource.PROMOTION)(someone),
        body={"organisation": "{organisation_id}", "title": "副主任医师", "on": f"{TODAY}"},
    ),
    "console.promotion.show": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.enter": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.file_paper": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.show_paper": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.withdraw": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.refuse": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.withdraw_a_refusal": Route(row_of_hospital(WRITE, Resource.PROMOTION)),
    "console.promotion.issue": Route(row_of_hospital(WRITE, Resource.PROMOTION), body={"title": "副主任医师"}),
    "console.promotion.show_certificate": Route(row_of_hospital(READ, Resource.PROMOTION, own_record=True)),
    "console.promotion.revoke": Route(row_of_hospital(WRITE, Resource.PROMOTION), body={"reason": "有误"}),
    "console.promotion_rules.show_list": Route(office_listing(READ, Resource.PROMOTION_RULE)),
    "console.promotion_rules.show_new": Route(office_listing(WRITE, Resource.PROMOTION_RULE)),
    "console.promotion_rules.propose": Route(office_listing(WRITE, Resource.PROMOTION_RULE)),
    "console.promotion_rules.approve": Route(row_of_hospital(DECIDE, Resource.PROMOTION_RULE), body={"version": "1"}),
    "console.promotion_rules.reject": Route(row_of_hospital(DECIDE, Resource.PROMOTION_RULE), body=REASON),
    "console.promotion_rules.withdraw": Route(row_of_hospital(WRITE, Resource.PROMOTION_RULE), body={"version": "1"}),
    "console.evaluations.show_list": Route(listing(READ, Resource.EVALUATION)),
    "console.evaluations.show": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.show_pdf": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.show_docx": Route(row_of_pair(READ, Resource.EVALUATION)),
    "console.evaluations.write": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1", "opinion": "同意"}
    ),
    "console.evaluations.give_back": Route(row_of_pair(WRITE, Resource.EVALUATION), body=REASON),
    "console.evaluations.sign": Route(row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1"}),
    "console.evaluations.raise_objection": Route(row_of_pair(WRITE, Resource.EVALUATION), body=REASON),
    "console.evaluations.answer": Route(
        row_of_pair(WRITE, Resource.EVALUATION), body={"version": "1", "answer": "维持", "outcome": "uphold"}
    ),
    "console.claims.show_list": Route(listing(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.show": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.show_reconciliation": Route(office_listing(READ, Resource.SUBSIDY_BUDGET)),
    "console.claims.ask_together": Route(office_listing(DECIDE, Resource.SUBSIDY_CLAIM)),
    "console.claims.approve_together": Route(
        office_listing(DECIDE, Resource.SUBSIDY_CLAIM), body={"chosen": "{claim_id}:1"}
    ),
    "console.claims.approve": Route(row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": "1"}),
    "console.claims.give_back": Route(row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body=REASON),
    "console.claims.reject": Route(
        row_of_pair(DECIDE, Resource.SUBSIDY_CLAIM), body={"version": "1", "refusal": "当月未到岗"}
    ),
    "console.claims.show_receipt": Route(row_of_pair(READ, Resource.SUBSIDY_CLAIM)),
    "console.claims.redraft": Route(redrafting_claims),
    "console.claims.export": Route(export_of(Resource.SUBSIDY_CLAIM)),
    "console.subsidy_rules.show_list": Route(listing(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.show_holding": Route(own_organisation(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.show_new_programme": Route(listing(WRITE, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.open_programme": Route(listing(WRITE, Resource.SUBSIDY_RULE), body={"name": "误餐补助"}),
    "console.subsidy_rules.show_programme": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE)),
    "console.subsidy_rules.create_item": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_RULE), body={"name": "误餐费", "kind": "per_day"}
    ),
    "console.subsidy_rules.show_item": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE), ids=ITEM),
    "console.subsidy_rules.propose": Route(row_of_hospital(WRITE, Resource.SUBSIDY_RULE), ids=ITEM),
    "console.subsidy_rules.show": Route(row_of_hospital(READ, Resource.SUBSIDY_RULE), ids=RULE),
    "console.subsidy_rules.approve": Route(
        row_of_hospital(DECIDE, Resource.SUBSIDY_RULE), body={"version": "1"}, ids=RULE
    ),
    "console.subsidy_rules.reject": Route(row_of_hospital(DECIDE, Resource.SUBSIDY_RULE), body=REASON, ids=RULE),
    "console.subsidy_rules.withdraw": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_RULE), body={"version": "1"}, ids=RULE
    ),
    "console.budgets.show_year": Route(listing(READ, Resource.SUBSIDY_BUDGET)),
    "console.budgets.show": Route(row_of_hospital(WRITE, Resource.SUBSIDY_BUDGET), ids={"year": "2026"}),
    "console.budgets.change": Route(
        row_of_hospital(WRITE, Resource.SUBSIDY_BUDGET), body={"amount": "1000"}, ids={"year": "2026"}
    ),
    "console.payments.show_list": Route(office_listing(READ, Resource.PAYMENT_RUN)),
    "console.payments.show_new": Route(office_listing(WRITE, Resource.PAYMENT_RUN)),
    "console.payments.prepare": Route(office_listing(WRITE, Resource.PAYMENT_RUN)),
    "console.payments.show": Route(row_of_hospital(READ, Resource.PAYMENT_RUN)),
    "console.payments.release": Route(row_of_hospital(DECIDE, Resource.PAYMENT_RUN), body={"version": "1"}),
    "console.payments.refuse": Route(row_of_hospital(DECIDE, Resource.PAYMENT_RUN), body=REASON),
    "console.payments.masked": Route(row_of_hospital(READ, Resource.PAYMENT_RUN), ids={"ending": "csv"}),
    "console.payments.full": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), ids={"ending": "csv"}),
    "console.payments.upload_answer": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), file=b"x"),
    "console.payments.mark_as_paid": Route(
        row_of_hospital(WRITE, Resource.PAYMENT_RUN), body={"paid_on": str(TODAY), "bank_reference": ""}
    ),
    "console.payments.mark_as_failed": Route(row_of_hospital(WRITE, Resource.PAYMENT_RUN), body={"reason": "户名不符"}),
    "console.payments.show_accounts": Route(office_listing(READ, Resource.BANK_ACCOUNT)),
    "console.payments.show_account": Route(
        row_of_hospital(WRITE, Resource.BANK_ACCOUNT, own_record=True), ids={"person_id": "{doctor_id}"}
    ),
    "console.payments.enter_account": Route(
        row_of_hospital(WRITE, Resource.BANK_ACCOUNT, own_record=True),
        body={"bank": "农业银行", "number": "6228480402564890018"},
        ids={"person_id": "{doctor_id}"},
    ),
}
