"""/evaluations over HTTP: what a phone sends, and what it is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from docx import Document
from flask.testing import FlaskClient

from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.foundation.actor import Role
from tests.support.county import County, make_county
from tests.support.evaluations import completed_evaluation, make_evaluation, signed_week
from tests.support.factories import make_person
from tests.support.phone import make_phone
from tests.support.printed import pages_of
from tests.support.weeks import IN_NOVEMBER

Phone = dict[str, str]


@pytest.fixture
def county(client: FlaskClient) -> Iterator[County]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield make_county()


@pytest.fixture
def doctor(county: County) -> Phone:
    return make_phone(county.doctor)


class Evaluations:
    """One evaluation over HTTP."""

    def __init__(self, client: FlaskClient, evaluation: Evaluation) -> None:
        self.client, self.address = client, f"/api/v1/evaluations/{evaluation.id}"

    def read(self, phone: Phone) -> Any:
        return self.client.get(self.address, headers=phone).json

    def write(self, phone: Phone, **words: Any) -> Any:
        return self.client.put(f"{self.address}/part", headers=phone, json=words)

    def do(self, phone: Phone, action: str, **said: Any) -> Any:
        return self.client.post(f"{self.address}/{action}", headers=phone, json=said)

    def form(self, phone: Phone, kind: str) -> Any:
        return self.client.get(f"{self.address}/form.{kind}", headers=phone).data


def count(client: FlaskClient, phone: Phone, query: str) -> Any:
    answer: Any = client.get(f"/api/v1/evaluations?{query}", headers=phone).json
    return answer["total"]


def test_it_goes_round_and_is_signed(client: FlaskClient, county: County, doctor: Phone) -> None:
    over = Evaluations(client, make_evaluation(signed_week(county)))
    director = make_phone(county.director, Role.DIRECTOR)
    office = make_phone(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    assert (count(client, doctor, "mine=true"), count(client, director, "waiting=true")) == (1, 0)
    told = over.write(doctor, version=1, opinion="按时到岗。", education="本科").json
    assert (told["status"], told["turn_label"], told["education"]) == (
        "department",
        "接收科室（由受援单位填写）",
        "本科",
    )
    assert count(client, director, "waiting=true") == 1
    over.write(director, version=2, opinion="认真", signer_name="冯敏月")
    told = over.write(director, version=3, opinion="同意", grade="excellent").json
    over.do(office, "return", version=told["version"], reason="请写明病种")
    told = over.read(director)
    assert (told["return_reason"], told["draft"]["opinion"], told["must_grade"]) == ("请写明病种", "同意", True)
    over.write(director, version=5, opinion="同意，病种已写明", grade="excellent")
    told = over.write(office, version=6, opinion="同意", grade="qualified").json
    assert (told["grade_label"], told["may"]["sign"]) == ("合格", False)
    signed = over.do(doctor, "sign", version=7).json
    assert (signed["status"], signed["facts"]["actual_days_label"]) == ("completed", "5天")
    assert len(signed["verification_code"]) == 16


def test_both_forms_say_what_the_api_says(client: FlaskClient, county: County, doctor: Phone) -> None:
    over = Evaluations(client, completed_evaluation(county))
    told = over.read(doctor)
    facts = told["facts"]
    values = [value for value in facts.values() if isinstance(value, str) and value]
    values += [one["value"] for one in (*facts["leave"], *facts["workload"])]
    values += [one[name] for one in told["parts"] for name in ("opinion", "signer_name")]
    values += [told["person"]["name"], told["grade_label"], told["title_applied"], told["verification_code"]]
    pdf = over.form(doctor, "pdf")
    word = Document(io.BytesIO(over.form(doctor, "docx")))
    on_paper = "".join(page.text for page in pages_of(pdf))
    in_word = "".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    in_word += word.paragraphs[-1].text
    assert [value for value in values if value not in on_paper] == []
    assert [value for value in values if value not in in_word] == []


def test_an_objection_is_answered(client: FlaskClient, county: County, doctor: Phone) -> None:
    stands = make_evaluation(signed_week(county), status=EvaluationStatus.SIGNATURE, grade=Grade.BARELY)
    over = Evaluations(client, stands)
    office = make_phone(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    objected = over.do(doctor, "object", version=1, reason="等次偏低").json
    assert (objected["status"], objected["objection"]) == ("objected", "等次偏低")
    answered = over.do(office, "answer", version=2, answer="维持", revise=False).json
    assert (answered["status"], answered["objection_answer"]) == ("completed", "维持")


def test_out_of_turn_stale_and_odd_input_are_refused(client: FlaskClient, county: County, doctor: Phone) -> None:
    over = Evaluations(client, make_evaluation(signed_week(county)))
    office = make_phone(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    stranger = make_phone(make_person(county.foreign_hospital))
    early = over.write(office, version=1, opinion="同意", grade="qualified")
    assert (early.status_code, early.json["error"]["code"]) == (409, "turn_of_others")
    assert over.write(doctor, version=9, opinion="按时").status_code == 412
    assert over.write(stranger, version=1, opinion="按时").status_code == 404
    assert over.write(doctor, version=1, opinion="长" * 1001).status_code == 422
    graded = over.write(doctor, version=1, opinion="按时", grade="excellent")
    assert graded.json["error"]["code"] == "grade_not_asked"
