"""Empty rosters: what they offer, and that the importer reads every one of them back without guessing."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.profile import load
from shuanglian.sheets.engine import headers, rows, workbook
from shuanglian.sheets.engine.fields import KINDS, ROSTERS
from shuanglian.sheets.engine.template_columns import columns_of, example
from shuanglian.sheets.engine.templates import HEADER_ROW, template
from shuanglian.sheets.engine.values import codes

EVERY = [(kind, lang) for kind in KINDS for lang in ("zh", "en")]
PROFILE = load("tongwei_2015")


def opened(kind, lang="zh", profile=PROFILE):
    return openpyxl.load_workbook(BytesIO(template(kind, profile, lang)))


def filled(kind, lang):
    """The template with one row, as a clerk would fill it in."""
    book = opened(kind, lang)
    for at, column in enumerate(columns_of(kind, PROFILE, lang), 1):
        book.worksheets[0].cell(HEADER_ROW + 1, at, example(column, lang) or "填写")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_every_column_of_a_filled_template_is_recognised_for_what_it_is(kind, lang):
    sheet = workbook.read(filled(kind, lang), "t.xlsx")[0]
    layout = headers.recognise(sheet, kind, PROFILE)
    wanted = [field.code for field in ROSTERS[kind].fields if not field.derived]
    assert [column.field for column in layout.columns] == wanted
    assert (layout.missing, layout.ambiguous, layout.constants, layout.blocks) == ((), (), (), ())
    assert (layout.header_rows, layout.first_row) == ((HEADER_ROW,), HEADER_ROW + 1)
    assert rows.records(sheet, layout).frame.height == 1


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_only_the_sheet_to_fill_in_is_taken_for_a_roster(kind, lang):
    guesses = headers.guess_kind(workbook.read(filled(kind, lang), "t.xlsx"))
    first, *others = guesses.values()
    assert first == kind and set(others) == {None}


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_an_empty_template_holds_no_rows(kind, lang):
    sheet = workbook.read(template(kind, PROFILE, lang), "t.xlsx")[0]
    assert rows.records(sheet, headers.recognise(sheet, kind, PROFILE)).frame.height == 0


@pytest.mark.parametrize("kind", KINDS)
def test_required_columns_have_a_star_and_every_column_a_note(kind):
    page = opened(kind).worksheets[0]
    for column, cell in zip(columns_of(kind, PROFILE, "zh"), page[HEADER_ROW], strict=True):
        assert cell.value.endswith("*") == column.field.required
        assert column.field.help in cell.comment.text


def test_numbers_that_are_names_are_text_and_others_are_numbers():
    page = opened("households").worksheets[0]
    formats = {
        column.field.code: page.column_dimensions[page.cell(1, at).column_letter].number_format
        for at, column in enumerate(columns_of("households", PROFILE, "zh"), 1)
        if page.cell(1, at).column_letter in page.column_dimensions
    }
    for code in ("number", "head_id", "phone", "bank_account", "village_code", "person.id_number"):
        assert formats.get(code, "@") == "@"
    shown = {column.field.code: column.format for column in columns_of("households", PROFILE, "zh")}
    assert (shown["size"], shown["net_income"], shown["person.birth"]) == ("0", "0.00", "yyyy-mm-dd")


def rules_of(kind, lang="zh"):
    book = opened(kind, lang)
    page = book.worksheets[0]
    found = {str(one.sqref).split(":")[0]: one for one in page.data_validations.dataValidation}
    return book, {
        column.field.code: found.get(page.cell(HEADER_ROW + 1, at).coordinate)
        for at, column in enumerate(columns_of(kind, PROFILE, lang), 1)
    }


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_drop_downs_show_the_labels_of_the_profile_and_all_of_them_are_understood(kind, lang):
    book, rules = rules_of(kind, lang)
    for column in columns_of(kind, PROFILE, lang):
        if not column.choices:
            continue
        source = rules[column.field.code].formula1
        if source.startswith('"'):
            shown = source.strip('"').split(",")
        else:
            name, _, area = source.replace("$", "").rpartition("!")
            shown = [cell.value for (cell,) in book[name.strip("'")][area]]
            assert book[name.strip("'")].sheet_state == "hidden"
        assert shown == column.labels
        if column.field.list:
            assert all(PROFILE.codes[column.field.list].find(label) is not None for label in shown)


def test_a_long_list_stands_on_a_hidden_sheet_and_a_column_of_many_choices_takes_more_than_one():
    book, rules = rules_of("households")
    assert len(book.sheetnames) == 2 or book.worksheets[2].sheet_state == "hidden"
    assert rules["other_causes"].showErrorMessage in (None, False)
    assert rules["main_cause"].showErrorMessage
    english, rules = rules_of("households", "en")
    assert not rules["person.ethnic"].formula1.startswith('"') and english.worksheets[2].sheet_state == "hidden"


def test_limits_of_the_profile_guard_numbers():
    _, rules = rules_of("households")
    months, size = rules["person.work_months"], rules["size"]
    assert (months.type, months.formula1, months.formula2, months.errorStyle) == ("whole", "0", "12", None)
    assert (size.formula1, size.formula2, size.errorStyle) == ("1", "20", "warning")


def test_drop_downs_follow_the_profile_in_use():
    other = load("gansu_province_2012")
    ranks = [label for _, label in other.codes["rank"].choices("zh")]
    book = opened("cadres", profile=other)
    sources = [one.formula1 for one in book.worksheets[0].data_validations.dataValidation]
    assert f'"{",".join(ranks)}"' in sources


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_the_explanations_tell_every_column_with_an_example(kind, lang):
    page = opened(kind, lang).worksheets[1]
    told = {row[0].value.partition("：")[2]: row for row in page.iter_rows() if row[1].value}
    for column in columns_of(kind, PROFILE, lang):
        row = next(row for header, row in told.items() if header.startswith(column.header))
        assert row[2].value[:-1] == column.field.explanation(lang).rstrip("。.") and (row[5].value or "") == example(
            column, lang
        )


@pytest.mark.parametrize("kind", KINDS)
def test_examples_of_code_columns_are_codes_that_the_importer_knows(kind):
    import polars as pl

    for column in columns_of(kind, PROFILE, "zh"):
        if column.field.type == "code" and column.field.example:
            _, problem = codes(pl.Series([column.field.example]), column.field, PROFILE)
            assert problem[0] is None, column.field.code


def test_the_sheet_prints_with_its_header_on_every_page():
    page = opened("households").worksheets[0]
    assert (page.print_title_rows, page.page_setup.paperSize, page.page_setup.orientation) == ("$3:$3", 8, "landscape")
    assert page.freeze_panes == "A4"
    assert opened("units").worksheets[0].freeze_panes == "C4"


def test_equal_profiles_give_equal_files_without_formulas():
    one, two = (template("pairs", PROFILE, "zh") for _ in range(2))
    assert one == two
    with zipfile.ZipFile(BytesIO(one)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)


def test_an_unknown_kind_is_refused():
    with pytest.raises(Refusal, match="no_such_roster"):
        template("cows", PROFILE)
