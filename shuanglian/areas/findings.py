"""What is wrong in a region table: where, what, and how to mend it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shuanglian.core.forms import translated
from shuanglian.kernel.words import N_, Said

Severity = Literal["error", "warning"]

# code → what is wrong and how to mend it; the sentences are translated when they are shown
SENTENCES: dict[str, str] = {
    "no_rows": N_("表中没有数据行。请检查是否选错了工作表或文件。"),
    "code_missing": N_("缺少区划代码。请补上 12 位代码。"),
    "code_damaged": N_("代码被表格软件改成了科学计数“{value}”，位数已丢失。请把该列设为文本后从原表重新粘贴。"),
    "code_not_digits": N_("代码“{value}”含有数字以外的字符。请改为纯数字。"),
    "code_length": N_("代码“{value}”是 {length} 位。代码应为 12 位，也可写 2、4、6、9 位，不足部分自动补零。"),
    "code_no_province": N_("代码“{value}”不以省级代码开头。请检查前两位。"),
    "code_twice": N_("代码 {value} 在第 {first} 行已出现，两行内容不同。请保留正确的一行。"),
    "row_twice": N_("本行与第 {first} 行完全相同，已略过。"),
    "name_missing": N_("缺少名称。请补上全称。"),
    "name_long": N_("名称超过 {limit} 个字。请检查是否多列粘在了一起。"),
    "name_unclean": N_("名称中有不可见的控制字符。请重新录入名称。"),
    "same_name": N_("同一上级下已有同名区划（第 {first} 行）。请核对是否重复；按名称查找时会出现两个结果。"),
    "level_unknown": N_("看不懂层级“{value}”。请写：省、市、县、乡、村，或 1 至 5。"),
    "level_mismatch": N_("层级写的是{stated}，但代码 {value} 是{derived}的代码。请改正代码或层级。"),
    "parent_mismatch": N_("上级代码 {value} 不是 {code_below} 的上级（下级代码以上级的有效位开头）。请改正其一。"),
    "parent_missing": N_("表中没有上级 {value}，已挂到最近的上级 {parent} 之下。如有遗漏请补上该行。"),
    "orphan": N_("找不到 {value} 的任何上级。请在表中补上其省、市、县、乡各行，或先导入上级区划。"),
    "point_unreadable": N_("经纬度“{value}”不是数字。请填十进制度数，例如 105.24206。"),
    "point_outside": N_("经纬度 {value} 超出范围（经度 ±180，纬度 ±90）。请检查小数点。"),
    "point_swapped": N_("经纬度 {value} 好像填反了（经度在前，纬度在后）。请对调两列。"),
    "point_half": N_("经度和纬度只有一个，已不采用。请补齐另一个。"),
    "urban_unreadable": N_("城乡分类代码“{value}”不是 3 位数字，已不采用。"),
    "flag_unknown": N_("看不懂性质“{value}”，按实有处理。可写 virtual（市辖区）、dummy（虚拟村、社区）或留空。"),
    "successor_old_unknown": N_("对照表中的原代码 {value} 从未启用。请改正。"),
    "successor_old_closed": N_("原代码 {value} 早已停用，对照表中的这一行已不需要。"),
    "successor_new_unknown": N_("对照表中的现代码 {value} 不在新表里，也不是现行代码。请改正或在新表中补上。"),
    "successor_level": N_("对照表中 {old} 与 {value} 不是同一层级。请改正。"),
    "successor_share": N_("划入比例“{value}”应在 0 与 1 之间（或百分数）。请改正。"),
    "too_early": N_("启用日期 {value} 不晚于现有区划的启用日期 {since}（例如 {name}）。请给出更晚的启用日期。"),
    "code_was_used": N_("代码 {value} 在 {until} 以前另有所指，启用日期须晚于该日。"),
    "unmatched": N_("新表中没有 {name}（{value}），也找不到去向；仍保持现行，名下有 {hanging} 条记录。"
                    "请在对照表中写明 {value} 的现代码，撤销的写空。"),
    "displaced": N_("新表中 {name}（{value}）没有去向，其代码已归{new}；原区划已停用。"),
    "code_taken": N_("新表中 {name}（{value}）没有去向，其代码已归{new}，而名下还有 {hanging} 条记录。"
                     "请在对照表中写明 {value} 的现代码，撤销的写空。"),
    "split_left": N_("{name}（{value}）拆分为 {count} 个区划，没有过半的去向；"
                     "名下 {hanging} 条记录留在原处，请逐户指定。"),
    "abolished_left": N_("{name}（{value}）已撤销且无去向；名下 {hanging} 条记录留在原处，请逐户指定。"),
    "would_double": N_("{what}：{count} 条记录移到新区划会与那里已有的重复；{ended} 条已截止于前一日，其余留在原处。"),
    "below_missing": N_("新表没有 {name}（{value}）以下的层级，其下级 {count} 个仍用旧代码。请导入到村级的表。"),
}  # fmt: skip
ERRORS = frozenset(SENTENCES) - {
    "row_twice", "same_name", "parent_missing", "point_half", "urban_unreadable", "flag_unknown", "unmatched",
    "split_left", "abolished_left", "displaced", "would_double", "below_missing", "successor_old_closed",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing wrong at one place; `row` counts from 1 as spreadsheets do, 0 means the table as a whole."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    sheet: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return "error" if self.code in ERRORS else "warning"

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in the reader's language."""
        return translated(Said(SENTENCES[self.code], {"value": self.value, **self.params}))

    def as_dict(self) -> dict[str, Any]:
        """The line of the JSON report."""
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "value": self.value, "code": self.code,
            "severity": self.severity, "message": self.message,
        }  # fmt: skip
