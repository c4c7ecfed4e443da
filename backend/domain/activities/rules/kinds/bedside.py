"""Clinics, rounds, surgery and cases."""

from __future__ import annotations

from backend.domain.activities.rules.fields import Field, choice, count, long_text, text
from backend.domain.activities.rules.kinds.entry import ActivityKind, Group, KindEntry, Proof, Unit
from backend.domain.activities.rules.kinds.shared import CASE_WORDS, DIAGNOSIS, PATIENT

_GRADES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
_ANAESTHESIAS = {
    "local": "局部麻醉",
    "spinal": "椎管内麻醉",
    "nerve_block": "神经阻滞",
    "general": "全身麻醉",
    "other": "其他",
}
_OUTCOMES = {"survived": "抢救成功", "transferred": "转上级医院", "died": "死亡"}

_PARTICIPANTS = count("participants", "参加人次", "人次", maximum=500)
_SURGERY = (
    text("operation", "手术名称", required=True),
    choice("grade", "手术级别", _GRADES, required=True, remembered=True),
    choice("anaesthesia", "麻醉方式", _ANAESTHESIAS, remembered=True),
    *PATIENT,
)
_LEARNER = text("learner", "带教学员", maximum=40, required=True, remembered=True)
_DISCUSSION = (*DIAGNOSIS, _PARTICIPANTS, long_text("conclusion", "讨论结论", required=True, clinical=True), *PATIENT)
_SURGERY_UNITS = ("台次", "台", "例", "次", "例次")


def _surgery(kind: ActivityKind, label: str, *more: Field, words: tuple[str, ...], teaches: bool = False) -> KindEntry:
    return KindEntry(
        kind,
        label,
        Group.SURGERY,
        Unit.OPERATIONS,
        (*_SURGERY, *more),
        title="operation",
        teaches=teaches,
        words=words,
        units_said=_SURGERY_UNITS,
    )


def _discussion(kind: ActivityKind, label: str, *words: str) -> KindEntry:
    return KindEntry(
        kind,
        label,
        Group.CASES,
        Unit.CASES,
        _DISCUSSION,
        person_times="participants",
        title="diagnosis",
        proofs=(Proof.SIGN_IN_SHEET,),
        words=words,
        units_said=CASE_WORDS,
    )


ENTRIES = (
    KindEntry(
        ActivityKind.OUTPATIENT_CLINIC,
        "门诊",
        Group.CLINIC,
        Unit.PERSON_TIMES,
        (
            count("morning", "上午", "人次", maximum=300),
            count("afternoon", "下午", "人次", maximum=300),
            long_text("note", "说明", maximum=200),
        ),
        quantity=("morning", "afternoon"),
        words=(
            *(
                "门诊诊疗",
                "门急诊",
                "坐诊",
                "专家门诊",
                "门诊人次",
                "接诊",
                "门诊工作",
                "普通门诊",
                "专科门诊",
                "门诊坐诊",
            ),
            *(
                "门诊接诊",
                "接诊病人",
                "接诊患者",
                "诊治病人",
                "诊治患者",
                "诊疗病人",
                "诊疗患者",
                "门诊病人",
                "门诊患者",
            ),
        ),
        units_said=("人次", "人", "次", "例"),
    ),
    KindEntry(
        ActivityKind.WARD_ROUND,
        "查房",
        Group.CLINIC,
        Unit.PERSON_TIMES,
        (
            count("patients", "查看患者", "人次", required=True, maximum=300),
            text("ward", "病区", maximum=30, remembered=True),
            long_text("note", "说明", clinical=True),
        ),
        quantity=("patients",),
        words=(
            *(
                "病房查房",
                "住院查房",
                "日常查房",
                "住院人次",
                "管理住院患者",
                "业务查房",
                "病区查房",
                "临床查房",
                "查房病人",
            ),
            *("查房患者", "管理住院病人", "指导查房"),
        ),
        units_said=("人次", "人", "次", "例"),
    ),
    KindEntry(
        ActivityKind.TEACHING_ROUND,
        "教学查房",
        Group.TEACHING,
        Unit.TIMES,
        (
            text("topic", "主题", required=True),
            count("person_times", "参加人次", "人次", required=True, maximum=200),
            text("ward", "病区", maximum=30, remembered=True),
            *DIAGNOSIS[1:],
            long_text("note", "要点", clinical=True),
            *PATIENT,
        ),
        person_times="person_times",
        title="topic",
        proofs=(Proof.SIGN_IN_SHEET,),
        teaches=True,
        words=("查房带教", "带教查房", "示教查房", "教学大查房", "查房教学"),
        units_said=("次", "例", "例次"),
    ),
    _surgery(
        ActivityKind.SURGERY_OWN, "手术", words=("主刀手术", "开展手术", "手术操作", "手术治疗", "主刀", "施行手术")
    ),
    _surgery(
        ActivityKind.SURGERY_DEMONSTRATED,
        "手术示教",
        count("person_times", "观摩人次", "人次", maximum=200),
        words=("示教手术", "手术演示", "示范手术"),
        teaches=True,
    ),
    _surgery(
        ActivityKind.SURGERY_TAUGHT,
        "手术带教",
        _LEARNER,
        words=("带教手术", "指导手术", "手术指导", "手术教学", "手术带教指导", "协助手术", "指导开展手术"),
        teaches=True,
    ),
    KindEntry(
        ActivityKind.CONSULTATION,
        "会诊",
        Group.CASES,
        Unit.CASES,
        (*DIAGNOSIS, long_text("opinion", "会诊意见", required=True, clinical=True), *PATIENT),
        title="diagnosis",
        words=("院内会诊", "专家会诊", "疑难会诊", "会诊病例"),
        units_said=(*CASE_WORDS, "人次"),
    ),
    _discussion(
        ActivityKind.DIFFICULT_CASE,
        "疑难病例讨论",
        "疑难病例",
        "疑难病案",
        "疑难病例研讨",
        "疑难病案讨论",
        "病例讨论",
        "疑难讨论",
    ),
    _discussion(ActivityKind.CRITICAL_CASE, "危重病例讨论", "危重病例", "危重症病例讨论", "危重症讨论", "危重讨论"),
    _discussion(ActivityKind.DEATH_CASE, "死亡病例讨论", "死亡病例", "死亡讨论"),
    KindEntry(
        ActivityKind.RESCUE,
        "抢救",
        Group.CASES,
        Unit.CASES,
        (
            *DIAGNOSIS,
            choice("outcome", "结果", _OUTCOMES, required=True),
            long_text("course", "经过", clinical=True),
            *PATIENT,
        ),
        title="diagnosis",
        words=(
            "抢救病人",
            "危重抢救",
            "急救",
            "抢救危重患者",
            "参与抢救",
            "抢救患者",
            "危重症抢救",
            "抢救危重病人",
            "危重病人抢救",
            "危重患者抢救",
            "急危重症抢救",
            "急诊抢救",
        ),
        units_said=(*CASE_WORDS, "人次"),
    ),
)
