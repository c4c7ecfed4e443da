"""The four sheets of a roster: their columns, the usual names of both, and which of them must be there."""

from __future__ import annotations

from backend.domain.imports.rules.cells import (
    birth_of,
    code_of,
    degrees_of,
    flag_of,
    identity_tail_of,
    metres_of,
    mobile_of,
    name_of,
    plain_text,
    service_day_of,
)
from backend.domain.imports.rules.columns import (
    PERSON_NAMES,
    STAFF_NUMBERS,
    Column,
    Formats,
    SheetFormat,
    SheetKind,
    coded,
    dated,
    names,
)
from backend.domain.imports.rules.weekdays import weekly_pattern_of
from backend.domain.imports.rules.words import (
    coordinate_system_of,
    dispatch_kind_of,
    organisation_kind_of,
    role_words_of,
    sex_of,
    title_of,
)

_OWN_CODES = names(
    coded("", "所属", "所在", "工作") + " 组织机构代码 医疗机构代码 统一社会信用代码 机构代码证号 单位 机构 医院"
    " 机构名称 单位名称 医院名称"
)

_ORGANISATIONS = SheetFormat(
    SheetKind.ORGANISATIONS,
    names("机构 单位 机构信息 单位信息 机构表 单位表 机构名单 单位名单 医院 医院信息 机构列表"),
    (
        Column(
            "code",
            names("机构代码 单位代码 医院代码 机构编码 单位编码 机构编号 单位编号 组织机构代码 医疗机构代码 代码 编码"),
            code_of,
            required=True,
            hint="官方机构代码，全表唯一，设为文本以免丢失开头的0",
        ),
        Column(
            "name",
            names("机构名称 单位名称 医院名称 名称 机构全称 单位全称 机构 单位"),
            plain_text(100),
            required=True,
        ),
        Column(
            "kind",
            names("类型 机构类型 单位类型 机构类别 单位类别 类别"),
            organisation_kind_of,
            hint="新机构必填：卫生健康局、三级医院、县级医院、乡镇卫生院、社区卫生服务中心、村卫生室",
        ),
        Column(
            "level",
            names("等级 级别 机构等级 医院等级 单位等级 机构级别 医院级别"),
            plain_text(20),
            hint="如 二级甲等",
        ),
        Column(
            "parent_code",
            names(coded("上级", "主管", "隶属") + " 上级代码 上级编码 主管部门代码 主管部门"),
            code_of,
            hint="上级卫生健康局的机构代码",
        ),
        Column("address", names("地址 单位地址 机构地址 详细地址 通讯地址 医院地址"), plain_text(200)),
        Column("telephone", names("联系电话 电话 单位电话 办公电话 联系方式 电话号码 值班电话"), plain_text(60)),
    ),
)
_SITES = SheetFormat(
    SheetKind.SITES,
    names("派驻点 签到点 站点 派驻点信息 签到点信息 派驻地点 签到地点 派驻点表 地点"),
    (
        Column("organisation_code", names(coded("", "受援", "所属")), code_of, required=True),
        Column(
            "name",
            names("派驻点名称 派驻点 站点名称 签到点名称 签到点 站点 地点名称 地点 名称"),
            plain_text(50),
            required=True,
            hint="同一机构内不重复，如 院本部",
        ),
        Column("longitude", names("经度 经度坐标 东经 longitude lng lon 经度值"), degrees_of, required=True),
        Column("latitude", names("纬度 纬度坐标 北纬 latitude lat 纬度值"), degrees_of, required=True),
        Column(
            "system",
            names("坐标系 坐标系统 坐标系类型 坐标类型 坐标来源 坐标系名称 地图"),
            coordinate_system_of,
            hint="必填：GCJ-02（高德、腾讯地图）、WGS-84（GPS）或 BD-09（百度地图），导入时换算一次",
        ),
        Column(
            "radius_m",
            names("半径 签到半径 半径米 有效半径 签到范围 范围 围栏半径 允许范围"),
            metres_of,
            hint="米，20至5000；新派驻点空白时按300米",
        ),
    ),
)
_PEOPLE = SheetFormat(
    SheetKind.PEOPLE,
    names("人员 人员信息 人员名单 人员表 花名册 人员花名册 员工 职工 员工信息 职工信息 医务人员"),
    (
        Column("organisation_code", _OWN_CODES, code_of, required=True, hint="工作单位的机构代码"),
        Column("staff_number", STAFF_NUMBERS, code_of, required=True, hint="同一机构内唯一，设为文本"),
        Column("name", PERSON_NAMES, name_of, required=True),
        Column("sex", names("性别"), sex_of),
        Column("born_on", names("出生年月 出生日期 出生年月日 生日 出生"), birth_of),
        Column("title", names("职称 专业技术职称 技术职称 专业技术职务 职称名称 现职称"), title_of),
        Column("department", names("科室 部门 所在科室 所属科室 科室名称 工作科室"), plain_text(50)),
        Column(
            "telephone",
            names("手机号 手机号码 手机 移动电话 联系手机 联系方式 联系电话 电话号码 电话"),
            mobile_of,
            hint="11位，用于绑定微信，不能与他人相同",
        ),
        Column(
            "identity_tail",
            names(
                "身份证号后四位 身份证后四位 身份证号后4位 身份证后4位 身份证号码后四位 身份证号码后4位 身份证末四位"
                " 身份证尾号 身份证后四 身份证号 身份证号码 身份证 公民身份号码 证件号码 证件号"
            ),
            identity_tail_of,
            hint="用于绑定微信；填完整号码时也只取后四位",
        ),
        Column(
            "roles",
            names("角色 系统角色 人员角色 用户角色 身份"),
            role_words_of,
            hint="可填多个，用顿号分开；新人员空白时为派驻人员",
        ),
    ),
)
_DISPATCHES = SheetFormat(
    SheetKind.DISPATCHES,
    names("派驻 派驻安排 派驻名单 派驻信息 派驻表 派驻计划 下乡 下乡安排 下乡名单 派驻人员安排 轮换安排"),
    (
        Column("organisation_code", names(coded("派出", "支援", "派员", "选派", "")), code_of, required=True),
        Column("staff_number", STAFF_NUMBERS, code_of, required=True),
        Column("name", PERSON_NAMES, name_of, hint="可不填；填写时与人员表核对"),
        Column(
            "recipient_code",
            names(coded("受援", "派驻", "派往", "接收", "下派", "帮扶", "对口", "下沉")),
            code_of,
            required=True,
        ),
        Column(
            "sites",
            names("派驻点名称 派驻点 签到点 签到点名称 站点 站点名称 派驻地点 签到地点 工作地点 地点"),
            plain_text(200),
            hint="可填多个，用顿号分开；新派驻空白时为该机构的全部派驻点",
        ),
        Column(
            "kind",
            names("类型 派驻类型 派驻方式 派驻类别 方式 类别 派驻形式 形式 派驻性质 性质"),
            dispatch_kind_of,
            required=True,
            hint="长期派驻 或 定期坐诊",
        ),
        Column(
            "starts_on",
            names(dated("开始", "起始") + " 派驻日期 到岗日期 派出日期 派出时间 派驻起 起"),
            service_day_of,
            required=True,
        ),
        Column(
            "ends_on",
            names(dated("结束", "截止", "终止") + " 到期日期 返岗日期 派驻止 止"),
            service_day_of,
            required=True,
        ),
        Column(
            "pattern",
            names("星期 坐诊日 周几 坐诊星期 星期几 派驻星期 坐诊时间 出诊日 出诊时间 坐诊日期 每周安排 派驻日"),
            weekly_pattern_of,
            hint="定期坐诊必填，如 三、五 或 周三上午、周五下午；长期派驻空白时为每天",
        ),
        Column("department", names("接收科室 派驻科室 受援科室 接收部门 科室 所在科室"), plain_text(50)),
        Column("rotation", names("批次 轮换批次 派驻批次 轮次 批次名称"), plain_text(50)),
        Column(
            "leads_team", names("队长 是否队长 领队 队长标志 是否领队 是否为队长"), flag_of, hint="是 或 否，空白为否"
        ),
        Column(
            "exception_reason",
            names("例外说明 例外原因 破格说明 特殊说明 例外情况 不符合条件说明"),
            plain_text(200),
            hint="不符合派驻条件时必填",
        ),
    ),
)

FORMATS: Formats = {sheet.kind: sheet for sheet in (_ORGANISATIONS, _SITES, _PEOPLE, _DISPATCHES)}
