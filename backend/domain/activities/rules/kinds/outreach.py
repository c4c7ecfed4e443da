"""New techniques, work among the public, and what is done from afar."""

from __future__ import annotations

from backend.domain.activities.rules.fields import Field, FieldKind, count, long_text, text
from backend.domain.activities.rules.kinds.entry import ActivityKind, Group, KindEntry, Proof, Unit
from backend.domain.activities.rules.kinds.shared import CASE_WORDS, CASES, DIAGNOSIS, LECTURE, PATIENT

_REMOTE_PLACE = text("remote_site", "对方科室或医生", remembered=True)


def _remote_reading(kind: ActivityKind, label: str, *words: str) -> KindEntry:
    return KindEntry(
        kind,
        label,
        Group.REMOTE,
        Unit.CASES,
        (CASES, _REMOTE_PLACE, long_text("note", "说明", clinical=True)),
        quantity=("cases",),
        words=words,
        units_said=(*CASE_WORDS, "人次", "份"),
    )


ENTRIES = (
    KindEntry(
        ActivityKind.NEW_TECHNIQUE,
        "新技术新项目",
        Group.PUBLIC,
        Unit.CASES,
        (
            text("technique", "名称", required=True),
            Field("first_on", "在本院首次开展", FieldKind.DAY, required=True),
            CASES,
            long_text("note", "说明", clinical=True),
        ),
        quantity=("cases",),
        title="technique",
        proofs=(Proof.OTHER,),
        words=(
            "新技术",
            "新项目",
            "新技术项目",
            "开展新技术",
            "新业务新技术",
            "新技术、新项目",
            "新业务",
            "新技术新业务",
            "新项目新技术",
            "开展新项目",
            "引进新技术",
            "新技术推广",
            "适宜技术推广",
        ),
        units_said=(*CASE_WORDS, "项"),
    ),
    KindEntry(
        ActivityKind.FREE_CLINIC,
        "义诊",
        Group.PUBLIC,
        Unit.TIMES,
        (
            text("place", "地点", required=True, remembered=True),
            count("people", "服务群众", "人次", required=True),
            text("drugs", "发放药品"),
            count("leaflets", "发放宣传资料", "份", maximum=20000),
        ),
        person_times="people",
        title="place",
        proofs=(Proof.PHOTO,),
        words=(
            "下乡义诊",
            "义诊活动",
            "巡回义诊",
            "大型义诊",
            "健康义诊",
            "送医下乡",
            "义诊服务",
            "义诊咨询",
            "巡诊",
            "巡回医疗",
            "义诊巡诊",
        ),
        units_said=("次", "场", "场次"),
    ),
    KindEntry(
        ActivityKind.HOME_VISIT,
        "走访",
        Group.PUBLIC,
        Unit.TIMES,
        (
            text("place", "村组", required=True, remembered=True),
            count("people", "走访群众", "人次", required=True),
            long_text("note", "情况", clinical=True),
        ),
        person_times="people",
        title="place",
        words=("入户走访", "家庭走访", "随访", "入户随访", "走访慰问", "入户"),
        units_said=("次", "户", "户次"),
    ),
    KindEntry(
        ActivityKind.REMOTE_CONSULTATION,
        "远程会诊",
        Group.REMOTE,
        Unit.CASES,
        (*DIAGNOSIS, long_text("opinion", "会诊意见", required=True, clinical=True), _REMOTE_PLACE, *PATIENT),
        title="diagnosis",
        words=("网络会诊", "远程门诊"),
        units_said=(*CASE_WORDS, "人次"),
    ),
    _remote_reading(ActivityKind.REMOTE_IMAGING, "远程影像诊断", "远程影像", "远程放射", "远程阅片", "影像会诊"),
    _remote_reading(ActivityKind.REMOTE_ECG, "远程心电诊断", "远程心电", "远程心电图", "心电会诊"),
    _remote_reading(ActivityKind.REMOTE_ULTRASOUND, "远程超声诊断", "远程超声", "远程b超", "超声会诊"),
    _remote_reading(ActivityKind.REMOTE_PATHOLOGY, "远程病理诊断", "远程病理", "病理会诊"),
    KindEntry(
        ActivityKind.REMOTE_LECTURE,
        "远程讲座",
        Group.REMOTE,
        Unit.TIMES,
        LECTURE,
        person_times="person_times",
        title="topic",
        proofs=(Proof.PHOTO,),
        teaches=True,
        words=("远程教学", "远程培训", "远程授课", "网络讲座", "线上讲座", "远程教育"),
        units_said=("次", "场", "场次", "期"),
    ),
)
