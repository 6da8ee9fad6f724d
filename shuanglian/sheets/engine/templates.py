"""Empty rosters to fill in: one workbook a kind, with drop-downs, limits, notes on every column and explanations.

The example stands in the explanations and not among the rows, so that no example person is ever imported. What a
template offers is what the field catalogue and the programme profile say; the importer knows every header in it.
"""

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said

from .fields import ROSTERS, Roster
from .letters import letter
from .mark_text import free_name, lines
from .template_columns import Column, columns_of, explained, rule, say, shown_header

EXAMPLE_MARK = N_("示例")  # heads the column of examples in the explanations; nothing among the rows is an example
EXPLANATIONS = N_("填表说明")
HEADER_ROW = 3  # title, hint, header; records begin in the row below
ROWS = 20_000  # rows with drop-downs and limits; formats reach to the end of the sheet
_LISTS = N_("代码表")
_PAGE = 230  # Latin characters that fit across an A3 sheet at a size one can read

_HINT = N_(
    "从第 {row} 行开始填写，每行一条；带 * 的列必填；不要改列名，可以删去用不到的列。"
    "每列怎样填见“{sheet}”和列名上的批注。"
)
_NOTES = {
    "households": N_(
        "每名家庭成员一行：蓝色列是户的信息，同一户各行填写相同；绿色列是这名成员的信息。"
        "成员另有名册时，只填蓝色列，一户一行。"
    ),
    "persons": N_("每名家庭成员一行，户主本人也要填；户编号与户名册一致。"),
    "units": N_("每个单位一行。行业、帮扶能力不填时由系统推算。"),
    "cadres": N_("每名干部一行，单位名称与单位名册一致。"),
    "links": N_("一个单位联系几个村就填几行。"),
    "villages": N_("一个村一个年度一行；没有登记的格空着，不要填 0。"),
    "payments": N_("每笔发放一行。整份名册只发一种政策的，“政策”列可以不填，上传时选定。银行账号不要填，系统不保存。"),
    "demands": N_(
        "一件诉求一行。反映干部作风、造假、钱物的事不要写在清单里，请本人走安全信件；写了的，系统也按保密渠道收。"
    ),
    "pairs": N_("一户一行。有户编号、干部编号的填编号最准确。"),
}  # fmt: skip
_ADVICE = (
    N_("证件号码、手机号、银行账号、各种编号所在的列已设为文本格式，请不要改成数字，否则末几位会变成 0。"),
    N_("从别的表复制时，请用“选择性粘贴 → 数值”，以保留下拉列表和格式。"),
    N_("上传后先检查、再确认，检查出的问题会标在表里；确认之前不会写入任何数据。"),
)  # fmt: skip
_HEADINGS = (
    (N_("列"), 30), (N_("是否必填"), 10), (N_("怎样填"), 46), (N_("格式"), 34), (N_("可填的值"), 60),
    (EXAMPLE_MARK, 26),
)  # fmt: skip


def template(kind: str, profile: Any, lang: str = "zh") -> bytes:
    """An empty roster of a kind as xlsx; the same bytes for the same profile and language. Refusal: no such kind."""
    if kind not in ROSTERS:
        raise Refusal("no_such_roster", N_("没有“{kind}”这种名册。"), kind=kind)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": ROSTERS[kind].title(lang), "created": datetime(profile.year, 1, 1)})
    _Writer(book, ROSTERS[kind], columns_of(kind, profile, lang), profile, lang).write()
    book.close()
    return out.getvalue()


class _Writer:
    """Writes the three sheets: rows to fill in, explanations, and (hidden) the long lists of the drop-downs."""

    def __init__(
        self, book: xlsxwriter.Workbook, roster: Roster, columns: list[Column], profile: Any, lang: str
    ) -> None:
        self.book, self.roster, self.columns, self.profile, self.lang = book, roster, columns, profile, lang
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        style = book.add_format
        self.title, self.hint = style({"bold": True, "font_size": 16}), style({"font_color": "#5A5A5A"})
        fills, inks = ("#DAE8F5", "#D9EAD3"), ("#000000", "#B00020")
        self.heads = {
            (member, must): style({**head, "bg_color": fills[member], "font_color": inks[must]})
            for member in (False, True)
            for must in (False, True)
        }
        self.head = style({**head, "bg_color": "#E8E8E8"})
        self.cell = style({"border": 1, "valign": "top", "text_wrap": True})
        self.bold = style({"bold": True})

    def write(self) -> None:
        name = free_name(self.roster.title(self.lang), [])
        page = self.book.add_worksheet(name)
        notes = self.book.add_worksheet(free_name(say(EXPLANATIONS, self.lang), [name]))
        sources = self._lists([name, notes.get_name()])
        self._rows(page, notes.get_name(), sources)
        self._explain(notes)
        page.activate()

    def _lists(self, names: list[str]) -> dict[str, Any]:
        """header → what its drop-down shows: the words themselves, or where they stand when they are too long."""
        sources: dict[str, Any] = {one.header: one.labels for one in self.columns if one.choices and one.inline}
        long = [one for one in self.columns if one.choices and not one.inline]
        if not long:
            return sources
        name = free_name(say(_LISTS, self.lang), names)
        page = self.book.add_worksheet(name)
        page.hide()
        quoted = name.replace("'", "''")
        for at, column in enumerate(long):
            for row, text in enumerate([column.header, *column.labels]):
                page.write_string(row, at, text)
            where = letter(at + 1)
            sources[column.header] = f"='{quoted}'!${where}$2:${where}${len(column.labels) + 1}"
        return sources

    def _rows(self, page: Worksheet, explanations: str, sources: dict[str, Any]) -> None:
        """The sheet to fill in."""
        formats = {text: self.book.add_format({"num_format": text}) for text in {one.format for one in self.columns}}
        gaps = {"row": HEADER_ROW + 1, "sheet": explanations}
        page.write_string(0, 0, self.roster.title(self.lang), self.title)
        page.write_string(1, 0, speak(Said(_HINT, gaps), self.lang), self.hint)
        page.set_row(0, 26)
        page.set_row(HEADER_ROW - 1, 44)
        for at, column in enumerate(self.columns):
            page.set_column(at, at, column.wide, formats[column.format])
            style = self.heads[column.of_member, column.field.required]
            page.write_string(HEADER_ROW - 1, at, shown_header(column, self.lang), style)
            page.write_comment(HEADER_ROW - 1, at, self._note(column), {"width": 260, "height": 110, "font_size": 9})
            if checked := rule(column, sources.get(column.header), self.profile, self.lang):
                page.data_validation(HEADER_ROW, at, HEADER_ROW + ROWS - 1, at, checked)
        page.freeze_panes(HEADER_ROW, self._name_column() + 1)
        self._for_paper(page)

    def _name_column(self) -> int:
        """Columns up to the name stay in sight, if there are not too many of them."""
        names = {"head_name", "name", "household_head", "unit"}
        at = next((at for at, one in enumerate(self.columns) if one.field.code in names), 0)
        return at if at < 4 else -1

    def _note(self, column: Column) -> str:
        must, how, form, _, example = explained(column, self.lang)
        shown = speak(Said(N_("示例：{example}"), {"example": example}), self.lang) if example else ""
        return "\n".join(text for text in (f"{column.header}（{must}）", how, form, shown) if text)

    def _for_paper(self, page: Worksheet) -> None:
        page.set_landscape()
        page.set_paper(8)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.repeat_rows(HEADER_ROW - 1)
        page.fit_to_pages(max(1, round(sum(one.wide for one in self.columns) / _PAGE)), 0)
        page.set_footer("&C&P / &N")
        page.print_area(0, 0, HEADER_ROW + 30, len(self.columns) - 1)

    def _explain(self, page: Worksheet) -> None:
        """The sheet that says of every column what to write, whether it must be there, its form, values, an example."""
        page.write_string(0, 0, f"{self.roster.title(self.lang)} · {say(EXPLANATIONS, self.lang)}", self.title)
        page.set_row(0, 26)
        advice = [_NOTES[self.roster.kind], *_ADVICE]
        for row, sentence in enumerate(advice, 1):
            page.write_string(row, 0, f"{row}. {say(sentence, self.lang)}")
        head = len(advice) + 2
        for at, (text, wide) in enumerate(_HEADINGS):
            page.set_column(at, at, wide)
            page.write_string(head, at, say(text, self.lang), self.head)
        for row, column in enumerate(self.columns, head + 1):
            # Behind its letter a name is no label: the importer must not take this sheet for a form that is filled in.
            name = f"{letter(row - head)}：{shown_header(column, self.lang)}"
            cells = (name, *explained(column, self.lang))
            deep = max(lines(text, wide - 1) for text, (_, wide) in zip(cells, _HEADINGS, strict=True))
            page.set_row(row, min(409, 15 * deep + 3))
            for at, text in enumerate(cells):
                page.write_string(row, at, text, self.cell)
        page.freeze_panes(head + 1, 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(head)
        page.set_footer("&C&P / &N")
