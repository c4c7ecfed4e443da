"""The 鉴定表 on paper: the PDF and the Word document say what the API says."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import time_machine
from docx import Document
from flask import Flask

from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.printing.docx import write_evaluation_docx
from backend.domain.careers.printing.pdf import write_evaluation_pdf
from backend.domain.careers.service.evaluations import Words, write_part
from backend.domain.careers.service.forms import printed_evaluation
from tests.support.county import County, make_county
from tests.support.evaluations import completed_evaluation, make_evaluation, signed_week
from tests.support.printed import pages_of
from tests.support.weeks import IN_NOVEMBER

AT = "https://bangfu.example.org/console/verify?code="


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield make_county()


def words_in(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*cells, *(paragraph.text for paragraph in document.paragraphs)]).replace("\n", "")


def words_on(pdf: bytes) -> str:
    return "".join(page.text for page in pages_of(pdf))


def spaceless(text: str) -> str:
    return "".join(text.split())


def test_both_say_everything_that_the_form_says(county: County) -> None:
    form = printed_evaluation(completed_evaluation(county), verify_at=AT)
    on_paper, in_word = (
        spaceless(words_on(write_evaluation_pdf(form))),
        spaceless(words_in(write_evaluation_docx(form))),
    )
    texts = [spaceless(text) for text in form.texts()]
    assert {"吕芬春", "主治医师", "副主任医师", "5天", "按时到岗，完成门诊和带教。"} <= set(texts)
    assert [text for text in texts if text not in on_paper] == []
    assert [text for text in texts if text not in in_word] == []
    assert not pages_of(write_evaluation_pdf(form))[0].outlined


def test_one_that_is_not_completed_is_marked_as_not_valid(county: County) -> None:
    form = printed_evaluation(make_evaluation(signed_week(county)), verify_at=AT)
    page = pages_of(write_evaluation_pdf(form))[0]
    assert page.outlined
    assert form.invalid_notice in page.text
    assert form.invalid_notice in words_in(write_evaluation_docx(form))


def test_long_words_go_on_to_further_pages_and_none_are_lost(county: County) -> None:
    evaluation: Evaluation = make_evaluation(signed_week(county))
    summary = "\n".join(f"第{number}周：{'每日门诊并带教查房' * 6}。" for number in range(1, 41))
    write_part(county.visitor, evaluation.id, 1, Words(summary))
    pages = pages_of(write_evaluation_pdf(printed_evaluation(evaluation, verify_at=AT)))
    assert len(pages) > 1
    on_paper = "".join(page.text for page in pages)
    assert all(f"第{number}周：" in on_paper for number in range(1, 41))
