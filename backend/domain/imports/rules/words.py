"""Words of a roster that stand for something of ours: roles, kinds, sexes, titles, coordinate systems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from backend.domain.accounts.rules import Sex
from backend.domain.dispatch.rules import DispatchKind
from backend.domain.imports.rules.cells import plain_text, text_of
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import CoordinateSystem
from backend.domain.organisations.rules.titles import title_rank
from backend.foundation.actor import Role

T = TypeVar("T")


_ORGANISATION_KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.BUREAU: "卫生健康局 卫健局 卫健委 卫生局 卫生健康委员会 卫生健康委 卫计局 卫计委 主管部门",
    OrganisationKind.TERTIARY_HOSPITAL: "三级医院 三甲医院 三级甲等医院 市级医院 省级医院 州级医院 城市三级医院",
    OrganisationKind.COUNTY_HOSPITAL: "县级医院 县医院 县人民医院 县中医院 县中医医院 二级医院 区级医院 县市级医院",
    OrganisationKind.TOWNSHIP_HOSPITAL: "乡镇卫生院 卫生院 中心卫生院 镇卫生院 乡卫生院 一级医院 乡镇中心卫生院",
    OrganisationKind.COMMUNITY_CENTRE: "社区卫生服务中心 社区卫生服务站 社区医院 社区 社区中心",
    OrganisationKind.VILLAGE_CLINIC: "村卫生室 卫生室 村卫生所 村医务室 村级",
}
_DISPATCH_KINDS: Mapping[DispatchKind, str] = {
    DispatchKind.POSTED: "长期派驻 派驻 驻点 长期 常驻 驻点派驻 长期驻点 全职派驻 驻守 长驻 下乡 蹲点 轮驻 驻点帮扶",
    DispatchKind.VISITING: "定期坐诊 坐诊 巡诊 定期 专家门诊 专家坐诊 定期巡诊 定期门诊 门诊 定期派驻 短期坐诊",
}
_SEXES: Mapping[Sex, str] = {
    Sex.MALE: "男 男性 m male 1",  # the numbers: GB/T 2261.1
    Sex.FEMALE: "女 女性 f female 2",
    Sex.UNKNOWN: "未知 不详 未说明 未知的性别 未说明的性别 0 9",
}
_SYSTEMS: Mapping[CoordinateSystem, str] = {
    CoordinateSystem.GCJ_02: "gcj02 gcj 火星坐标 火星坐标系 高德 高德地图 高德坐标 腾讯 腾讯地图 腾讯坐标 国测局 微信",
    CoordinateSystem.WGS_84: "wgs84 wgs gps gps坐标 cgcs2000 大地坐标 国家2000 2000国家大地坐标系 天地图 地球坐标",
    CoordinateSystem.BD_09: "bd09 bd09ll bd 百度 百度地图 百度坐标 百度坐标系",
}
_ROLES: Mapping[Role, str] = {
    Role.STAFF: "派驻人员 派驻 下派人员 派驻医生 派驻医师 派驻专家 下乡人员 支援人员 专家 医生 派出人员 帮扶人员",
    Role.DIRECTOR: "受援院长 受援单位院长 受援医院院长 受援机构负责人 卫生院院长 中心主任 受援方院长",
    Role.DESK: "分诊台 导诊台 服务台 分诊 导诊 转诊接诊室 接诊室 分诊人员 分诊护士",
    Role.DUTY: "行政总值班 总值班 行政值班 值班",
    Role.MEDICAL_AFFAIRS: "医务科 医务部 医务处 医务 医务人员 医政科 医务科人员 医务管理",
    Role.EDUCATION: "科教科 科教 教学科 科教部 科研教学科 教育科",
    Role.PERSONNEL: "人事科 人事 人事部 人事处 人力资源部 人力资源科 组织人事科",
    Role.FINANCE: "财务科 财务 财务部 财务处",
    Role.DEAN: "分管院长 副院长 分管副院长 业务副院长 业务院长 支援医院院长 院领导",
    Role.BUREAU: "卫健局督查 卫健局 督查 卫健委督查 卫健委 卫生健康局 督查人员 监管 卫健局人员",
    Role.VILLAGE_DOCTOR: "村医 乡村医生 村卫生室医生",
    Role.ADMIN: "管理员 系统管理员 超级管理员",
}
_TITLES: Mapping[str, str] = {
    "主治医师": "主治 主治医 主治医生",
    "住院医师": "住院医生 住院医",
    "副主任医师": "副主任医生",
    "主任医师": "主任医生",
    "主管护师": "主管护士",
}
_RECIPIENT_KINDS = {
    OrganisationKind.TOWNSHIP_HOSPITAL,
    OrganisationKind.COMMUNITY_CENTRE,
    OrganisationKind.VILLAGE_CLINIC,
}


def _index(words: Mapping[T, str]) -> dict[str, T]:
    return {word: meaning for meaning, all_words in words.items() for word in all_words.split()}


_BY_ORGANISATION_KIND = _index(_ORGANISATION_KINDS)
_BY_DISPATCH_KIND = _index(_DISPATCH_KINDS)
_BY_SEX = _index(_SEXES)
_BY_SYSTEM = _index(_SYSTEMS)
_BY_ROLE = _index(_ROLES)
_BY_TITLE = _index(_TITLES)


def _word(value: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(value))).lower()


def organisation_kind_of(value: object) -> OrganisationKind:
    """Return what an organisation is."""
    kind = _BY_ORGANISATION_KIND.get(_word(value))
    if kind is None:
        choices = "、".join(words.split()[0] for words in _ORGANISATION_KINDS.values())
        raise CellProblem("organisation_kind_unknown", f"机构类型不在列表中，请从这些里选：{choices}。")
    return kind


def dispatch_kind_of(value: object) -> DispatchKind:
    """Return how somebody is sent."""
    kind = _BY_DISPATCH_KIND.get(_word(value))
    if kind is None:
        raise CellProblem("dispatch_kind_unknown", "派驻类型请填写“长期派驻”或“定期坐诊”。")
    return kind


def sex_of(value: object) -> Sex:
    """Return FHIR's word for 男 or 女."""
    sex = _BY_SEX.get(_word(value))
    if sex is None:
        raise CellProblem("sex_unknown", "性别请填写“男”或“女”。")
    return sex


def title_of(value: object) -> str:
    """Return a professional title, everyday forms put right; one outside of the state's series is kept as written."""
    title = _word(plain_text(60)(value))
    if len(title) > 30:
        raise CellProblem("text_too_long", "职称过长，请只填写一个职称。")
    return _BY_TITLE.get(title, title) if title_rank(title) is None else title


def find_coordinate_system(text: str) -> CoordinateSystem | None:
    """Return the coordinate system that a cell or a header names, None if it names none."""
    word = re.sub(r"[-_/\s]", "", unicodedata.normalize("NFKC", text)).lower()
    found = {system for name, system in _BY_SYSTEM.items() if len(name) + 2 * (not name.isascii()) > 2 and name in word}
    return _BY_SYSTEM.get(word) or (found.pop() if len(found) == 1 else None)


def coordinate_system_of(value: object) -> CoordinateSystem:
    """Return the coordinate system of a cell."""
    system = find_coordinate_system(text_of(value))
    if system is None:
        raise CellProblem(
            "coordinate_system_unknown", "坐标系请填写 GCJ-02（高德、腾讯地图）、WGS-84（GPS）或 BD-09（百度地图）。"
        )
    return system


def role_words_of(value: object) -> tuple[str, ...]:
    """Return the words of a cell that may name several roles: 派驻人员、医务科."""
    text = unicodedata.normalize("NFKC", text_of(value))
    words = tuple(word for word in (_word(part) for part in re.split(r"[、,;/|+和及 ]", text)) if word)
    if not words:
        raise CellProblem("role_unknown", "没有写出角色。请填写角色，或清空单元格。")
    return words


def role_of(word: str, kind: OrganisationKind | None) -> Role:
    """Return the role that a word names in an organisation of this kind (None: not known).

    院长 alone is the director of a recipient at the lower levels, and the dean of a hospital that sends.
    """
    if word in ("院长", "主任", "负责人"):
        role = Role.DIRECTOR if kind in _RECIPIENT_KINDS else Role.DEAN
        if word == "院长" or role is Role.DIRECTOR:
            return role
    found = _BY_ROLE.get(word)
    if found is None:
        choices = "、".join(words.split()[0] for words in _ROLES.values())
        raise CellProblem(
            "role_unknown", f"角色“{word[:12]}”不在列表中，请从这些里选（可填多个，用顿号分开）：{choices}。"
        )
    return found
