"""Lectures, training, and what is written for them."""

from __future__ import annotations

from backend.domain.activities.rules.fields import choice, count, text
from backend.domain.activities.rules.kinds.entry import ActivityKind, Group, KindEntry, Proof, Unit
from backend.domain.activities.rules.kinds.shared import LECTURE

ENTRIES = (
    KindEntry(
        ActivityKind.LECTURE,
        "讲座",
        Group.TEACHING,
        Unit.TIMES,
        LECTURE,
        person_times="person_times",
        title="topic",
        proofs=(Proof.PHOTO, Proof.SIGN_IN_SHEET, Proof.MATERIAL),
        teaches=True,
        words=(
            "学术讲座",
            "专题讲座",
            "健康讲座",
            "授课",
            "讲课",
            "健康教育讲座",
            "知识讲座",
            "业务讲座",
            "专题授课",
            "健康知识讲座",
            "健康教育",
            "专家讲座",
            "专题讲课",
            "学术授课",
        ),
        units_said=("次", "场", "场次", "期", "堂"),
    ),
    KindEntry(
        ActivityKind.TRAINING,
        "培训",
        Group.TEACHING,
        Unit.TIMES,
        (
            *LECTURE[:4],
            choice("form", "形式", {"theory": "理论", "skill": "操作", "drill": "演练"}, remembered=True),
        ),
        person_times="person_times",
        title="topic",
        proofs=(Proof.PHOTO, Proof.SIGN_IN_SHEET),
        teaches=True,
        words=(
            "业务培训",
            "技能培训",
            "人员培训",
            "操作培训",
            "培训带教",
            "技术培训",
            "培训人员",
            "操作示教",
            "业务学习",
            "岗位培训",
            "专题培训",
            "技能操作培训",
            "医务人员培训",
        ),
        units_said=("次", "场", "场次", "期"),
    ),
    KindEntry(
        ActivityKind.COURSEWARE,
        "课件",
        Group.TEACHING,
        Unit.TIMES,
        (text("topic", "名称", required=True), count("pages", "页数", "页", maximum=1000)),
        title="topic",
        proofs=(Proof.MATERIAL,),
        teaches=True,
        words=("制作课件", "教学课件", "课件制作"),
        units_said=("次", "个", "份", "件"),
    ),
)
