# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Whose name, number or phone is it? `联系电话` after `帮扶责任人` is the cadre's, after `信息采集人` nobody's of ours."""

from .fields import ROSTERS
from .fields.organisation import _CADRE_NAMES, _UNIT_NAMES
from .spelling import plain, spelling

_SLOTS = {
    "name": "姓名 名字",
    "id": "证件号码 身份证号 身份证号码 公民身份号码 身份证 证件号 居民身份证号 居民身份证号码 公民身份证号码 公民身份号码或残疾证号 证件",
    "phone": "联系电话 电话 联系方式 手机 手机号 手机号码 电话号码 联系号码",
    "number": "编号 编码",
    "unit": "单位 单位名称 工作单位 所在单位",
}
SLOT_OF = {plain(word): slot for slot, text in _SLOTS.items() for word in text.split()}

_PARTIES = {
    "head": "户主 户主姓名 贫困户姓名 贫困户户主 农户姓名 户主名 贫困户主 脱贫户户主 贫困户户主姓名 贫困户 结对户 联系户 帮扶户 结对贫困户 "
    "帮扶对象 户主信息 户主情况 户主基本情况 贫困户信息 贫困户基本情况 农户",
    "member": "家庭成员姓名 成员姓名 家庭成员 人员姓名 带动脱贫人口姓名 学生姓名 贫困人口姓名 脱贫人口姓名 家庭成员情况 家庭成员信息 "
    "家庭成员基本情况 成员 成员信息 带动脱贫人口",
    "cadre": _CADRE_NAMES + " 帮扶责任人信息 帮扶责任人情况 帮扶干部信息 联户干部信息 帮扶责任人基本情况 帮扶人信息",
    "unit": _UNIT_NAMES + " 单位信息 帮扶单位信息 单位情况",
    "contact": "联络员 联系人 联系人姓名 双联联络员 负责人 单位负责人 联络员姓名 分管领导 主要负责人",
    "other": "爱心助困帮扶党员 信息采集人 监护人姓名 监护人 村干部 填表人 填报人 审核人 驻村干部 网格员 第一书记 包村领导 村主任 村支书 "
    "村党支部书记 村负责人 驻村工作队长 帮扶党员 监测联系人 经办人 村委会主任 包片领导 联系领导",
}
PARTY_OF = {plain(word): party for party, text in _PARTIES.items() for word in text.split()}

# kind → party → slot → field. A party that is not listed is nobody the roster asks for.
TARGETS: dict[str, dict[str, dict[str, str]]] = {
    "households": {
        "head": {"name": "head_name", "id": "head_id", "phone": "phone", "number": "number"},
        "member": {"name": "person.name", "id": "person.id_number", "phone": "phone", "number": "person.person_number"},
    },
    "persons": {
        "head": {"name": "head_name", "id": "head_id"},
        "member": {"name": "name", "id": "id_number", "phone": "phone", "number": "person_number"},
    },
    "units": {
        "unit": {"name": "name", "phone": "phone", "number": "code", "unit": "name"},
        "contact": {"name": "contact", "phone": "phone"},
    },
    "cadres": {
        "cadre": {"name": "name", "id": "id_number", "phone": "phone", "number": "number", "unit": "unit"},
        "unit": {"unit": "unit"},
    },
    "links": {"unit": {"name": "unit", "unit": "unit"}},
    "pairs": {
        "head": {"name": "household_head", "id": "household_id", "number": "household_number"},
        "member": {"name": "member", "id": "member_id"},
        "cadre": {"name": "cadre", "id": "cadre_id", "phone": "cadre_phone", "number": "cadre_number", "unit": "unit"},
        "unit": {"name": "unit", "unit": "unit"},
    },
    "villages": {"contact": {"name": "leader", "phone": "phone"}},
    "demands": {
        "member": {"name": "name", "phone": "phone", "number": "number"},
        "head": {"name": "name", "phone": "phone", "number": "number"},
    },
    "payments": {
        "member": {"name": "name", "id": "id_number"},
        "head": {"name": "head_name", "id": "head_id"},
    },
}
_DEFAULT = {
    "households": "head",
    "persons": "member",
    "units": "unit",
    "cadres": "cadre",
    "links": "unit",
    "pairs": "head",
    "payments": "member",
    "villages": "contact",
    "demands": "member",
}
NEAR = 3  # columns to the right that a helper's or stranger's name reaches


def slot_of(leaf: str) -> str | None:
    """name, id, phone, number or unit, when a header says just that and not whose."""
    return next((SLOT_OF[form] for form, _ in spelling(leaf).forms if form in SLOT_OF), None)


def party_of(text: str) -> str | None:
    """The party a header or a group of headers names."""
    return next((PARTY_OF[form] for form, sure in spelling(text).forms if sure > 0.86 and form in PARTY_OF), None)


class Parties:
    """The parties of a header row, from left to right: which one a column belongs to, and by which header."""

    def __init__(self, kind: str, headers: list[tuple[tuple[str, ...], str]]) -> None:
        self.kind = kind
        leaves = {spelling(leaf).plain for _, leaf in headers}
        named = {party_of(text) for groups, leaf in headers for text in (*groups, leaf)}
        has_relation = any(self._is_relation(leaf) for leaf in leaves)
        self.of_name = self._whose_name(named, has_relation)
        self.default = _DEFAULT[kind]
        if kind == "households" and self.of_name == "member" and "head" not in named:
            self.default = "member"

    def _is_relation(self, leaf: str) -> bool:
        roster = ROSTERS[self.kind]
        code = "person.relation" if self.kind == "households" else "relation"
        return code in roster and leaf in {plain(word) for word in roster.field(code).spellings}

    def _whose_name(self, named: set[str | None], has_relation: bool) -> str:
        """The party of a bare 姓名."""
        if self.kind == "households":
            return "member" if has_relation or "head" in named else "head"
        if self.kind == "pairs":
            if "head" not in named:
                return "head"
            return "member" if has_relation or "cadre" in named else "cadre"
        return {"persons": "member", "payments": "member", "demands": "member", "cadres": "cadre"}.get(
            self.kind, "contact"
        )

    def walk(self, headers: list[tuple[tuple[str, ...], str]]) -> list[tuple[str, str]]:
        """(party, header that names it) for each column."""
        out: list[tuple[str, str]] = []
        party, anchor, since = self.default, "", 0
        for at, (groups, leaf) in enumerate(headers):
            grouped = next(((found, text) for text in reversed(groups) if (found := party_of(text))), None)
            named = party_of(leaf) or (self.of_name if slot_of(leaf) == "name" else None)
            if grouped:
                out.append(grouped)
                continue
            if slot_of(leaf) == "unit" and self.kind in ("cadres", "pairs") and party != "other":
                out.append(("unit", leaf))  # only helpers have a unit in these rosters, wherever the column stands
                continue
            if named:
                party, anchor, since = named, leaf, at
            stranger = party not in ("head", "member") and self.kind in ("households", "persons", "payments")
            if (stranger or party == "other") and at - since > NEAR:
                party, anchor = self.default, ""
            out.append((party, anchor))
        return out
