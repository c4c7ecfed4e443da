"""The kinds of activity records, one declarative table: form, validation, API, list, import and count derive from it.

Source: the kinds, units and forms of counterpart-support programmes (docs/activities.md). Adding a kind is adding one
entry and its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.activities.rules.fields import Field, FieldKind, choice, count, long_text, text


class ActivityKind(StrEnum):
    """What was done."""

    OUTPATIENT_CLINIC = "outpatient_clinic"
    WARD_ROUND = "ward_round"
    TEACHING_ROUND = "teaching_round"
    SURGERY_OWN = "surgery_own"
    SURGERY_DEMONSTRATED = "surgery_demonstrated"
    SURGERY_TAUGHT = "surgery_taught"
    CONSULTATION = "consultation"
    DIFFICULT_CASE = "difficult_case"
    CRITICAL_CASE = "critical_case"
    DEATH_CASE = "death_case"
    RESCUE = "rescue"
    LECTURE = "lecture"
    TRAINING = "training"
    COURSEWARE = "courseware"
    NEW_TECHNIQUE = "new_technique"
    FREE_CLINIC = "free_clinic"
    HOME_VISIT = "home_visit"
    REMOTE_CONSULTATION = "remote_consultation"
    REMOTE_IMAGING = "remote_imaging"
    REMOTE_ECG = "remote_ecg"
    REMOTE_ULTRASOUND = "remote_ultrasound"
    REMOTE_PATHOLOGY = "remote_pathology"
    REMOTE_LECTURE = "remote_lecture"


class Unit(StrEnum):
    """What a quantity counts."""

    PERSONS = "人"
    PERSON_TIMES = "人次"
    CASES = "例"
    OPERATIONS = "台次"
    TIMES = "次"


class Group(StrEnum):
    """Kinds that stand together where one is chosen."""

    CLINIC = "clinic"
    SURGERY = "surgery"
    CASES = "cases"
    TEACHING = "teaching"
    PUBLIC = "public"
    REMOTE = "remote"


class Proof(StrEnum):
    """A file by what it proves."""

    PHOTO = "photo"
    SIGN_IN_SHEET = "sign_in_sheet"
    MATERIAL = "material"
    OTHER = "other"


@dataclass(frozen=True)
class KindEntry:
    """One kind of record.

    `quantity`: the fields whose sum is the quantity, none where each record is one. `person_times`: the field that
    holds how many people it reached, in 人次. `title`: the field that names it in a list, none where the kind does.
    `proofs`: what a complete record of it shows. `teaches`: somebody of the recipient learns by it. `words`: what old
    ledgers call it, the label apart; the unit of those may be any of `units_said`, for example 例 for operations.
    """

    kind: ActivityKind
    label: str
    group: Group
    unit: Unit
    fields: tuple[Field, ...]
    quantity: tuple[str, ...] = ()
    person_times: str = ""
    title: str = ""
    proofs: tuple[Proof, ...] = ()
    teaches: bool = False
    words: tuple[str, ...] = ()
    units_said: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def clinical_fields(self) -> frozenset[str]:
        """The names of the fields that are about a patient."""
        return frozenset(field.name for field in self.fields if field.clinical)


SEXES = {"male": "男", "female": "女", "unknown": "不详"}
AGE_BANDS = {
    "newborn": "新生儿",
    "infant": "婴幼儿（3岁以下）",
    "child": "3–13岁",
    "teenager": "14–17岁",
    "adult": "18–44岁",
    "middle_aged": "45–59岁",
    "elderly": "60–74岁",
    "aged": "75岁及以上",
}
AUDIENCES = {"staff": "医护人员", "village_doctors": "乡村医生", "public": "群众", "students": "学生", "mixed": "混合"}
_GRADES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
_ANAESTHESIAS = {
    "local": "局部麻醉",
    "spinal": "椎管内麻醉",
    "nerve_block": "神经阻滞",
    "general": "全身麻醉",
    "other": "其他",
}
_OUTCOMES = {"survived": "抢救成功", "transferred": "转上级医院", "died": "死亡"}

# A patient is known by no more than this, wherever a record speaks of one.
_PATIENT = (
    text("patient_surname", "患者姓氏", maximum=2, clinical=True, hint="只填姓，不填全名"),
    choice("patient_sex", "性别", SEXES, clinical=True),
    choice("patient_age_band", "年龄段", AGE_BANDS, clinical=True),
    text("patient_record_number", "病案号", maximum=30, clinical=True),
)
_DIAGNOSIS = (
    text("diagnosis", "诊断", required=True),
    Field("icd_10", "ICD-10 编码", FieldKind.ICD_10, maximum=20, hint="如 I63.9"),
)
_PARTICIPANTS = count("participants", "参加人次", "人次", maximum=500)
_SURGERY = (
    text("operation", "手术名称", required=True),
    choice("grade", "手术级别", _GRADES, required=True, remembered=True),
    choice("anaesthesia", "麻醉方式", _ANAESTHESIAS, remembered=True),
    *_PATIENT,
)
_LEARNER = text("learner", "带教学员", maximum=40, required=True, remembered=True)
_DISCUSSION = (*_DIAGNOSIS, _PARTICIPANTS, long_text("conclusion", "讨论结论", required=True, clinical=True), *_PATIENT)
_LECTURE = (
    text("topic", "题目", required=True),
    choice("audience", "听众", AUDIENCES, remembered=True),
    count("person_times", "听课人次", "人次", required=True),
    Field("hours", "学时", FieldKind.HOURS, maximum=12, unit="小时", remembered=True),
    text("material", "课件或教材", remembered=True),
)
_REMOTE_PLACE = text("remote_site", "对方科室或医生", remembered=True)
_CASES = count("cases", "例数", "例", required=True)
_CASE_WORDS = ("例", "次", "例次")
_SURGERY_UNITS = ("台次", "台", "例", "次", "例次")


def _remote_reading(kind: ActivityKind, label: str, *words: str) -> KindEntry:
    return KindEntry(
        kind,
        label,
        Group.REMOTE,
        Unit.CASES,
        (_CASES, _REMOTE_PLACE, long_text("note", "说明", clinical=True)),
        quantity=("cases",),
        words=words,
        units_said=(*_CASE_WORDS, "人次", "份"),
    )


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
        units_said=_CASE_WORDS,
    )


_ENTRIES = (
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
            *_DIAGNOSIS[1:],
            long_text("note", "要点", clinical=True),
            *_PATIENT,
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
        (*_DIAGNOSIS, long_text("opinion", "会诊意见", required=True, clinical=True), *_PATIENT),
        title="diagnosis",
        words=("院内会诊", "专家会诊", "疑难会诊", "会诊病例"),
        units_said=(*_CASE_WORDS, "人次"),
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
            *_DIAGNOSIS,
            choice("outcome", "结果", _OUTCOMES, required=True),
            long_text("course", "经过", clinical=True),
            *_PATIENT,
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
        units_said=(*_CASE_WORDS, "人次"),
    ),
    KindEntry(
        ActivityKind.LECTURE,
        "讲座",
        Group.TEACHING,
        Unit.TIMES,
        _LECTURE,
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
            *_LECTURE[:4],
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
    KindEntry(
        ActivityKind.NEW_TECHNIQUE,
        "新技术新项目",
        Group.PUBLIC,
        Unit.CASES,
        (
            text("technique", "名称", required=True),
            Field("first_on", "在本院首次开展", FieldKind.DAY, required=True),
            _CASES,
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
        units_said=(*_CASE_WORDS, "项"),
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
        (*_DIAGNOSIS, long_text("opinion", "会诊意见", required=True, clinical=True), _REMOTE_PLACE, *_PATIENT),
        title="diagnosis",
        words=("网络会诊", "远程门诊"),
        units_said=(*_CASE_WORDS, "人次"),
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
        _LECTURE,
        person_times="person_times",
        title="topic",
        proofs=(Proof.PHOTO,),
        teaches=True,
        words=("远程教学", "远程培训", "远程授课", "网络讲座", "线上讲座", "远程教育"),
        units_said=("次", "场", "场次", "期"),
    ),
)

KINDS: Mapping[ActivityKind, KindEntry] = {entry.kind: entry for entry in _ENTRIES}
GROUP_LABELS = {
    Group.CLINIC: "门诊与查房",
    Group.SURGERY: "手术",
    Group.CASES: "病例",
    Group.TEACHING: "教学",
    Group.PUBLIC: "新技术与义诊",
    Group.REMOTE: "远程",
}
PROOF_LABELS = {
    Proof.PHOTO: "现场照片",
    Proof.SIGN_IN_SHEET: "签到表",
    Proof.MATERIAL: "课件资料",
    Proof.OTHER: "其他材料",
}
