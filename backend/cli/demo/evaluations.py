"""Evaluations of the demo's last rotation: opened when it was relieved, each as far round as its people came."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from backend.cli.demo.cast import instant
from backend.cli.demo.plot import Plot
from backend.domain.accounts.models import Person
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import Grade
from backend.domain.careers.service.evaluations import Words, write_part
from backend.domain.careers.service.opening import open_evaluations
from backend.extensions import db
from backend.foundation.actor import Actor, Role

_WRITTEN = (4, 4, 3, 3, 2, 1, 1)  # parts of each, in the order of staff numbers; of the others nothing yet
_WORDS = (
    Words(
        "半年来坚持门诊、查房和带教，开展讲座六次，与卫生院同事建立了会诊群。",
        education="本科",
        specialty="内科",
        title_applied="副主任医师",
    ),
    Words("工作认真，服从科室安排，带教有方法。", signer_name="秦若水"),
    Words("按时到岗，受到患者和职工好评。", Grade.QUALIFIED),
    Words("完成派驻任务，同意受援单位意见。", Grade.QUALIFIED),
)


def plot_evaluations(plot: Plot) -> None:
    """Let evaluations be opened by the job, and some of their parts be written."""
    plot.at(instant(plot.cast.this_month, 7, 40), open_evaluations)
    for written in range(len(_WORDS)):
        plot.at(instant(plot.cast.this_month, 9 + 2 * written), partial(_write, plot, written))


def _write(plot: Plot, written: int) -> None:
    """Let the next part be written of those evaluations that come so far."""
    for evaluation, parts in zip(_evaluations(), _WRITTEN, strict=False):
        director = plot.cast.director_at(evaluation.recipient_id)
        writers = (_doctor(evaluation.person), director, director, plot.cast.medical_affairs)
        if written < parts:
            write_part(writers[written], evaluation.id, evaluation.version, _WORDS[written])


def _evaluations() -> list[Evaluation]:
    statement = select(Evaluation).join(Evaluation.person).order_by(Person.staff_number)
    return list(db.session.scalars(statement))


def _doctor(person: Person) -> Actor:
    return Actor(person_id=person.id, role=Role.STAFF, organisation_id=person.organisation_id, channel="command")
