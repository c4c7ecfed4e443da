"""Fields that several kinds have, and the words of their choices."""

from __future__ import annotations

from backend.domain.activities.rules.fields import Field, FieldKind, choice, count, text

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

# A patient is known by no more than this, wherever a record speaks of one.
PATIENT = (
    text("patient_surname", "患者姓氏", maximum=2, clinical=True, hint="只填姓，不填全名"),
    choice("patient_sex", "性别", SEXES, clinical=True),
    choice("patient_age_band", "年龄段", AGE_BANDS, clinical=True),
    text("patient_record_number", "病案号", maximum=30, clinical=True),
)
DIAGNOSIS = (
    text("diagnosis", "诊断", required=True),
    Field("icd_10", "ICD-10 编码", FieldKind.ICD_10, maximum=20, hint="如 I63.9"),
)
LECTURE = (
    text("topic", "题目", required=True),
    choice("audience", "听众", AUDIENCES, remembered=True),
    count("person_times", "听课人次", "人次", required=True),
    Field("hours", "学时", FieldKind.HOURS, maximum=12, unit="小时", remembered=True),
    text("material", "课件或教材", remembered=True),
)
CASES = count("cases", "例数", "例", required=True)
CASE_WORDS = ("例", "次", "例次")
