"""Evaluations in the console: the list, writing in turn, returning, the paper, and its code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EvaluationStatus
from backend.domain.careers.service.evaluations import write_part
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.evaluations import SUMMARY, completed_evaluation, make_evaluation, signed_week
from tests.support.weeks import IN_NOVEMBER


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def evaluation(county: County) -> Evaluation:
    """It waits for the department."""
    made = make_evaluation(signed_week(county))
    return write_part(county.visitor, made.id, 1, SUMMARY)


def test_the_director_finds_it_waiting_and_writes_both_parts(
    director: Office, office: Office, evaluation: Evaluation
) -> None:
    here = f"/evaluations/{evaluation.id}"
    assert "吕芬春" in words_of(director.open("/evaluations"))
    assert "没有轮到您办理的鉴定" in words_of(office.open("/evaluations"))
    unsigned = director.send(f"{here}/part", version=2, opinion="带教认真")
    assert (unsigned.status_code, "请填写接收科室负责人的姓名" in words_of(unsigned)) == (422, True)
    director.send(f"{here}/part", version=2, opinion="带教认真", signer_name="冯敏月")
    director.send(f"{here}/part", version=3, opinion="同意", grade="excellent")
    words = words_of(office.open(here))
    for word in ("带教认真", "冯敏月", "实际天数 5天", "填写支援医院意见"):
        assert word in words


def test_it_is_given_back_with_a_reason_and_what_stood_there_is_kept(
    director: Office, office: Office, evaluation: Evaluation
) -> None:
    here = f"/evaluations/{evaluation.id}"
    director.send(f"{here}/part", version=2, opinion="带教认真", signer_name="冯敏月")
    director.send(f"{here}/part", version=3, opinion="同意", grade="excellent")
    assert office.send(f"{here}/return", version=4, reason=" ").status_code == 422
    office.send(f"{here}/return", version=4, reason="请写明病种")
    page = director.open(here)
    assert "已退回，原因：请写明病种" in words_of(page)
    assert 'value="excellent" checked' in page.text


def test_who_is_not_in_turn_reads_and_is_told_whose_turn_it_is(office: Office, evaluation: Evaluation) -> None:
    here = f"/evaluations/{evaluation.id}"
    words = words_of(office.open(here))
    assert "现在由接收科室（由受援单位填写）办理" in words
    assert "提交并签名" not in words
    assert office.send(f"{here}/part", version=2, opinion="同意", grade="qualified").status_code == 409


def test_an_objection_is_answered(office: Office, county: County) -> None:
    objected = make_evaluation(signed_week(county), status=EvaluationStatus.OBJECTED, objection="等次偏低", grade=None)
    here = f"/evaluations/{objected.id}"
    assert "本人异议：等次偏低" in words_of(office.open(here))
    office.send(f"{here}/answer", version=1, answer="重新评定", outcome="revise")
    assert "填写支援医院意见" in words_of(office.open(here))


def test_the_code_on_the_paper_leads_to_it_or_tells_what_is_needed(app: Flask, office: Office, county: County) -> None:
    completed = completed_evaluation(county)
    code = completed.verification_code
    paper = office.open(f"/evaluations/{completed.id}/form.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert office.open("/verify", code=code).location == f"/console/evaluations/{completed.id}"
    guest = words_of(app.test_client().get("/console/verify", query_string={"code": code}))
    assert guest == (
        "核验通过 鉴定表 受援单位 青石镇中心卫生院 姓名 吕** 派驻时间 2026年10月12日至2026年10月16日 "
        "实际天数 5天 鉴定等次 合格 完成日期 2026-11-09 与本页一致即为有效。"
    )
