"""China's surnames, as far as telling a surname from a full name needs them.

Source: the hundred most frequent surnames of the seventh census and those of the Hundred Family Surnames that are
still met; the compound ones by the Ministry of Public Security's yearly report on names.
"""

from __future__ import annotations

import re
from typing import Final

COMPOUND: Final = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭"
        "南门羊舌微生公户公玉公仪梁丘公仲公上公门公山公坚左丘公伯西门公祖第五公乘贯丘南荣东里东宫仲长子书子桑即墨达奚褚师淳于单于纳兰叶赫完颜耶律哥舒北宫南郭欧侯",
    )
)
SINGLE: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴鬱胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容"
    "向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公肖覃付代涂邝岳苟仝晋亢佟帅闫谌官楚战操笪仉禤揭鹿揣普阿玉"
)
_CLOAKED: Final = re.compile(r"(?<=.)[某氏姓*＊×xXｘＸ○〇]+$")  # 王某某, 李氏, 张**: what stands for the rest
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def surname_in(text: str) -> str | None:
    """Return the surname that is all there is in a text, None where it holds more, such as a full name."""
    bare = _CLOAKED.sub("", text)
    if len(bare) == 1 and _HAN.fullmatch(bare):
        return bare
    return bare if bare in COMPOUND else None
