"""What in free text says who a patient is: full names, identity numbers, telephone numbers. It warns, never refuses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.domain.activities.rules.fields import FieldKind
from backend.domain.activities.rules.kinds import KindEntry
from backend.domain.activities.rules.surnames import COMPOUND, SINGLE


@dataclass(frozen=True)
class Identifying:
    """Something that says who somebody is: what it is, and what to do about it."""

    code: str  # identity_number | telephone_number | full_name
    text: str


@dataclass(frozen=True)
class Warned:
    """The same, in a field of a record."""

    code: str
    text: str
    field: str


_INSTEAD: Final = "患者只写姓氏、性别、年龄段和病案号。"
# People space and hyphenate long numbers.
_SPACED: Final = re.compile(r"(?<=\d)[ \-.·](?=[\dXx])")
_IDENTITY: Final = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?![\dXx])"
)
_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?1[3-9]\d{9}(?!\d)")
_LANDLINE: Final = re.compile(
    r"(?<!\d)\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]{0,2}[2-9]\d{2,3}[- ]?\d{4}(?!\d)"
    r"|(?:电话|座机|联系方式|手机号?码?)[是为:\s]{0,3}[2-9]\d{2,3}[- ]?\d{4}(?!\d)"
)

_HAN: Final = r"[\u4e00-\u9fff]"
_NAME: Final = (
    f"(?P<name>(?P<surname>{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SINGLE))}]) ?(?![男女]){_HAN}{{1,2}}?)"
)
_WHO: Final = (
    "患者|病人|病员|患儿|病患|家属|产妇|孕妇|伤者|伤员|死者|逝者|老人|村民|"
    "丈夫|妻子|父亲|母亲|儿子|女儿|爱人|其父|其母|其子|其女|其夫|其妻|监护人|陪护"
)
# What follows a name: an end, a mark, a sex, or a word with which the tale goes on.
_AFTER: Final = (
    rf"(?=$|(?!{_HAN}).|男|女|先生|女士|同志|因|于|诉|主诉|自诉|入院|出院|住院|来院|就诊|家属|家住|和|与|等|的|在|已|突|今|昨|现|"
    "既往|系|为|是|出现|发生|需|行|经|被|由|患|病情|电话|身份|病案)"
)
_CALLED: Final = re.compile(rf"(?:{_WHO}|姓名|名叫|叫做|名为)(?:姓名|名叫|名为|叫)?[:\s\"“'（(《【]*{_NAME}{_AFTER}")
# 张建国，男，45岁: what stands beside a name without a label gives it away.
_DESCRIBED: Final = re.compile(rf"(?<!{_HAN}){_NAME}[,、\s(]*[男女]性?[,、;\s]*\d{{1,3}}(?:岁|个?月|天|[,、)\s]|$)")
# 阿依古丽·买买提
_DOTTED: Final = re.compile(rf"(?P<name>(?P<surname>{_HAN}{{2,8}})[·•‧]{_HAN}{{2,8}})")
# How words begin that are no names though their first character is a surname: 患者高血压, 患者全身.
_WORDS: Final = tuple(
    re.findall(
        "..",
        "高血高热高烧高龄高危高度高位高钾高脂高糖高渗高钠高钙高敏高颅高尿马上何时何种何处全身全麻全程全部全天严重严密温度白细白血白蛋白带黄疸黄染石膏方可方能时有时常时而时间连续任何成功成年成人应予应当应激应用常规常有"
        "常年常见平素平卧平时平稳平均水肿水样水泡安静安全安排安装安慰明显明确金黄单纯单侧强烈宫缩宫颈利尿查体查房查血相关相对后期后续后背从事从未向我向医和家干咳干预解除解释解大解小经过经治经常经济农民农村于是于今于昨"
        "于入于我于门于本于上于下于当于外于凌于清于晚于早于住于术曾有曾在左侧左下左上左手左足左肺左心左腿左肾左眼毛发皮肤皮疹危重危急管床房颤双下双侧双上双肺双手双足双眼双肾能够能否能自通过通气尚未尚可尚有容易易感步行"
        "步态都有满意空腹关节红肿红细普通终末居住居家车祸焦虑康复胡言支气支架暴发符合怀疑怀孕苍白劳累劳动申请充分充血广泛张口张力许多施行江边文化国家东部别无古稀雷击云南柏油汤药计划项目路过路途段落洪水包块包括包扎喻为"
        "苗条花粉华法万元祝愿伏案钟点沉默沙哑那时越来师傅相信晚期游离权衡代谢代诉付费官能战斗操作普遍简单简易阿司阿托阿奇卜卦谈话武汉山区山上全院仰卧仰面管理方面宣教毕业范围成为许可安置关闭宫外关系谢绝程度管路单位解决"
        "满月关心关注关爱颜面温暖解放解答强制全员应答",
    )
)


def identifying_in(text: str) -> list[Identifying]:
    """Return what in a text says who a patient is, each kind of it once."""
    plain = unicodedata.normalize("NFKC", text)
    joined = _SPACED.sub("", plain)
    found = []
    identity = _IDENTITY.search(joined) or _IDENTITY.search(plain)
    if identity:
        found.append(Identifying("identity_number", f"似有身份证号码，请删除：{_INSTEAD}"))
    without = _IDENTITY.sub(" ", joined)
    if _MOBILE.search(without) or _LANDLINE.search(plain):
        found.append(Identifying("telephone_number", f"似有电话号码，请删除：{_INSTEAD}"))
    name = next(_names_in(plain), None)
    if name is not None:
        found.append(Identifying("full_name", f"似有患者或家属的全名“{name[0]}”，请只写姓氏，例如“{name[1]}某”。"))
    return found


def warnings_of(entry: KindEntry, values: Mapping[str, Any]) -> list[Warned]:
    """Return the warnings about the texts of a record, in the order of its fields."""
    texts = (field for field in entry.fields if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT))
    return [
        Warned(one.code, f"{field.label}：文字中{one.text}", field.name)
        for field in texts
        for one in identifying_in(str(values.get(field.name, "")))
    ]


def _names_in(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_CALLED, _DESCRIBED, _DOTTED):
        for match in pattern.finditer(text):
            if not match["name"].startswith(_WORDS) and not match["name"].endswith(("某", "氏")):
                yield match["name"], match["surname"]
