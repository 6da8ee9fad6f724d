"""Every kind of fault names its file, its line and its cure."""

import pytest

from shuanglian.rules.profile import BUILT_IN, ProfileErrors, ProfileUnreadable, load

from .conftest import SOURCE


def test_an_unchanged_copy_is_clean(copy):
    assert copy.faults() == ()


ONE_LINE = [
    # file, text to replace, what stands there instead, code of the fault, words of the cure
    ("ranks.toml", "quota = 7", "quota = -7", "negative", "0"),
    ("ranks.toml", "quota = 7", 'quota = "7"', "wrong_type", "整数"),
    ("ranks.toml", "quota = 7", "quota = 7.5", "wrong_type", "整数"),
    ("ranks.toml", "quota = 7", "quota = true", "wrong_type", "整数"),
    ("ranks.toml", "quota = 7", "qouta = 7", "unknown_key", "quota"),
    ("ranks.toml", "minimum = 4", "minimum = 44", "contradiction", "改正"),
    ("ranks.toml", "since = 2015-01-01", "since = 2015-01-01T00:00:00", "wrong_type", "日期"),
    ("ranks.toml", "since = 2015-01-01", 'since = "2015-01-01"', "wrong_type", "日期"),
    ("ranks.toml", 'cites = ["PAIR-2"]', 'cites = ["PAIR-22"]', "unknown_rule", "PAIR-2"),
    ("ranks.toml", 'document = "default"', 'document = "defualt"', "unknown_document", "default"),
    ("ranks.toml", 'levels = ["township"]', 'levels = ["townships"]', "dangling", "township"),
    ("ranks.toml", "until = 2014-12-31", "until = 2011-12-31", "ends_before", "since"),
    ("roles.toml", '"imports.run", "imports.accept"', '"imports.run", "imports.acept"', "dangling", "imports.accept"),
    ("roles.toml", 'bound_to = "unit"', 'bound_to = "units"', "unknown_word", "unit"),
    ("trades.toml", "01 = 3, 02 = 3", "01 = 4, 02 = 3", "too_large", "3"),
    ("trades.toml", "{ 01 = 3, 02 = 3", "{ 01 = 3, 77 = 3", "dangling", "可用的有"),
    ("tags.toml", 'kind = "key_county"', 'kind = "key"', "unknown_word", "key_county"),
    ("pairing.toml", "value = 10", "value = 1000", "contradiction", "改正"),
    ("pairing.toml", 'below = "0.5"', "below = 0.5", "wrong_type", "小数加引号"),
    ("pairing.toml", 'below = "0.5"', 'below = "half"', "wrong_type", "小数加引号"),
    ("pairing.toml", 'code_list = "cause"', 'code_list = "causes"', "dangling", "cause"),
    (
        "pairing.toml",
        'any_of = ["02", "04", "06"]',
        'any_of = ["02", "04", "66"]',
        "dangling",
        "01, 02, 03, 04, 05, 06",
    ),
    ("pairing.toml", 'fact = "labour_share"', 'fact = "labor_share"', "unknown_word", "labour_share"),
    ("roster.toml", 'severity = "warning"', 'severity = "warn"', "unknown_word", "warning"),
    ("lines.toml", 'code = "2011"', 'code = "MMXI"', "bad_code", "代码"),
    ("lines.toml", 'yuan = "2536"', 'yuan = "-2536"', "too_small", "0"),
    ("codes.toml", 'en = "Wife\'s father"', 'en = ""', "empty", "至少"),
    ("codes.toml", '{ code = "01", zh = "户主"', '{ code = "01", zhh = "户主", zh = "户主"', "unknown_key", "zh"),
    ("levels.toml", "digits = 9", "digits = 19", "too_large", "12"),
    ("profile.toml", "year = 2015", 'year = "2015"', "wrong_type", "整数"),
    ("profile.toml", 'base = "" ', 'base = "tongwei_2105" ', "dangling", "tongwei_2015"),
    ("profile.toml", "year = 2015", "year = 2015\nyaer = 2016", "unknown_key", "year"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "cure"), ONE_LINE)
def test_a_fault_names_file_line_and_cure(copy, file, old, new, code, cure):
    line = copy.change(file, old, new) + new.count("\n")
    found = [fault for fault in copy.faults() if fault.code == code]
    assert [(fault.file.name, fault.line) for fault in found] == [(file, line)]
    assert cure in str(found[0].cure)


def test_one_slip_in_a_source_is_told_once(copy):
    line = copy.change("levels.toml", 'document = "S2"', 'document = "S22"')
    assert copy.found() == [("levels.toml", line, "unknown_document")]


def test_a_missing_key_is_told_at_its_entry(copy):
    line = copy.change("ranks.toml", 'code = "section"\n', "")
    assert ("ranks.toml", line - 1, "missing_key") in copy.found()
    assert str(copy.faults()[0].said) == "缺少 code"


def test_a_label_without_english_is_told_at_the_label(copy):
    line = copy.change("ranks.toml", '{ zh = "科级", en = "Section rank" }', '{ zh = "科级" }')
    assert copy.found() == [("ranks.toml", line, "missing_key")]
    assert copy.faults()[0].key == "ranks[3].label"


def test_an_entry_without_any_source_is_told(copy):
    text = copy.file("tags.toml").read_text("utf-8")
    copy.file("tags.toml").write_text(text.replace('cites = ["ORG-7"]\n', "", 1), "utf-8")
    assert {code for _, _, code in copy.found()} == {"missing_key"}
    assert "[source]" in str(copy.faults()[0].cure)


def test_a_code_written_twice_is_told_at_the_second(copy):
    line = copy.change("ranks.toml", 'code = "county_deputy"', 'code = "county_full"')
    assert ("ranks.toml", line, "duplicate") in copy.found()


def test_periods_of_one_code_must_not_overlap(copy):
    copy.change("ranks.toml", "until = 2014-12-31", "until = 2015-01-01")
    (fault,) = copy.faults()
    text = copy.file("ranks.toml").read_text("utf-8").split("\n")
    assert (fault.code, text[fault.line - 1]) == ("overlap", 'code = "prefecture"')
    assert "2015-01-01" in str(fault.said)


def test_one_spelling_must_not_mean_two_codes(copy):
    line = copy.change("codes.toml", 'spellings = ["男性", "M"]', 'spellings = ["男性", "M", "女 性"]')
    (fault,) = copy.faults()
    assert (fault.code, fault.line) == ("ambiguous", line + 1)  # where the word stands the second time
    assert str(fault.said) == "“女性”既指 1 又指 2"


def test_a_code_that_the_programme_reads_must_be_there(copy):
    copy.change("pairing.toml", 'code = "keep"', 'code = "kept"')
    (fault,) = copy.faults()
    assert (fault.file.name, fault.code) == ("pairing.toml", "missing_code")
    assert "keep" in str(fault.said)


def test_bands_rise_from_zero(copy):
    line = copy.change("pairing.toml", "begins = [0, 2, 4, 6, 8]", "begins = [0, 4, 2, 6, 8]")
    (fault,) = copy.faults()
    assert (fault.code, fault.line) == ("bands_rise", line - 2)  # told at the entry


def test_a_rule_of_need_has_one_test(copy):
    copy.change("pairing.toml", 'below = "0.5"', 'below = "0.5"\nat_least = 1')
    assert [code for _, _, code in copy.found()] == ["one_test"]


SYNTAX = [
    ("quota = 7", "quota 7", "等号"),
    ("quota = 7", "quota = seven", "看不懂"),
    ("quota = 7", "quota = 7 8", "多余"),
    ("quota = 7", 'quota = "7', "引号"),
    ("quota = 7", "quota = 2015-13-01", "日期"),
    ("quota = 7", "quota = 7\nquota = 7", "两次"),
    ("quota = 7", "定额 = 7", "键"),
    ("quota = 7", "quota = 2015-02-30", "日期"),
    ("quota = 7", "quota = 2015年7月", "日期"),
    ("quota = 7", "quota ＝ 7", "中文标点"),
    ("quota = 7", "quota = “7”", "中文标点"),
    ("quota = 7", 'cites = ["PAIR-1"，"PAIR-2"]', "中文标点"),
    ("quota = 7", 'cites = ["PAIR-1" "PAIR-2"]', "逗号"),
    ("quota = 7", 'label = { zh = "甲" en = "A" }', "逗号"),
    ("quota = 7", "[[ranks]", "方括号"),
    ("quota = 7\nminimum", 'cites = ["PAIR-1",\nminimum', "方括号"),
    ("quota = 7", "[source]", "表头"),
]


@pytest.mark.parametrize(("old", "new", "said"), SYNTAX)
def test_what_is_not_toml_is_told_with_its_line(copy, old, new, said):
    line = copy.change("ranks.toml", old, new) + new.count("\n")
    found = [fault for fault in copy.faults() if fault.code == "toml_syntax"]
    assert [(fault.file.name, fault.line) for fault in found] == [("ranks.toml", line)]
    assert said in f"{found[0].said}{found[0].cure}"


def test_faults_of_several_files_are_told_together(copy):
    lines = [copy.change("ranks.toml", "quota = 7", "quota 7"), copy.change("tags.toml", '"key_county"', '"key"')]
    assert [(name, line) for name, line, _ in copy.found()] == list(
        zip(("ranks.toml", "tags.toml"), lines, strict=True)
    )


def test_hostile_files_are_told_not_crashed_on(copy):
    copy.file("tags.toml").write_text("a = " + "[" * 100_000, "utf-8")
    copy.file("causes.toml").write_bytes(b"# \xff\xfe\n")
    copy.file("lines.toml").write_text("a = " + "9" * 6_000, "utf-8")
    copy.file("ledger.toml").write_text("#" * 5_000_000, "utf-8")
    found = copy.found()
    assert {name for name, _, code in found if code == "toml_syntax"} == {
        "tags.toml", "causes.toml", "lines.toml", "ledger.toml",
    }  # fmt: skip


def test_gb18030_is_told_as_an_encoding(copy):
    text = copy.file("tags.toml").read_text("utf-8")
    copy.file("tags.toml").write_bytes(text.encode("gb18030"))
    assert "UTF-8" in str(copy.faults()[0].said)


def test_windows_line_ends_and_a_byte_order_mark_do_not_shift_lines(copy):
    line = copy.change("ranks.toml", "quota = 7", "quota = -7")
    text = copy.file("ranks.toml").read_text("utf-8").replace("\n", "\r\n")
    copy.file("ranks.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert copy.found() == [("ranks.toml", line, "negative")]


def test_files_missing_and_files_unknown(copy):
    copy.file("tags.toml").rename(copy.file("tag.toml"))
    assert copy.found() == [("tag.toml", 0, "unknown_file"), ("tags.toml", 0, "missing_file")]
    assert "tags.toml" in str(copy.faults()[0].cure)


def test_a_file_that_cannot_be_opened_is_unreadable(copy):
    copy.file("tags.toml").unlink()
    copy.file("tags.toml").mkdir()
    with pytest.raises(ProfileUnreadable):
        load(copy.folder)


def test_an_own_document_may_be_cited(copy):
    copy.change("ranks.toml", 'document = "default"', 'document = "county-2016"')
    assert [code for _, _, code in copy.found()] == ["unknown_document"]
    copy.write(
        "documents.toml",
        '[[documents]]\ncode = "county-2016"\ntitle = { zh = "县委办文件", en = "County paper" }\nweight = "stated"\n',
    )
    assert load(copy.folder).ranks["prefecture"].document == "county-2016"


def test_a_base_of_its_own_is_a_circle(child):
    child.change("profile.toml", "tongwei_2015", "child")
    assert ("profile.toml", 5, "circle") in child.found()


def test_faults_of_the_base_name_the_bases_file(copy, child):
    line = copy.change("ranks.toml", "quota = 7", "quota = -7")
    child.change("profile.toml", "tongwei_2015", "own")
    (fault,) = child.faults()
    assert (fault.file, fault.line) == (copy.file("ranks.toml"), line)


def test_a_fault_in_an_override_names_the_overriding_file(child):
    child.write("ranks.toml", SOURCE + '[[ranks]]\ncode = "section"\nquota = -4\n')
    assert ("ranks.toml", 8, "negative") in child.found()
    assert {fault.file.parent.name for fault in child.faults()} == {"child"}


def test_removing_what_is_not_there_is_told(child):
    child.write("tags.toml", SOURCE + '[[tags]]\ncode = "exit_vilage"\nremove = true\n')
    (fault,) = child.faults()
    assert (fault.file.name, fault.line, fault.code) == ("tags.toml", 7, "dangling")
    assert "exit_village" in str(fault.cure)


def test_only_names_lists_of_its_file(child):
    child.write(
        "ranks.toml", SOURCE.replace("\n\n", '\nonly = ["rank"]\n\n') + '[[ranks]]\ncode = "section"\nquota = 5\n'
    )
    assert ("ranks.toml", 5, "dangling") in child.found()


def test_an_error_reads_as_file_line_fault_and_cure(copy):
    line = copy.change("ranks.toml", "quota = 7", "quota = -7")
    with pytest.raises(ProfileErrors, match=f"ranks.toml:{line}: quota 是负数（-7） — 不得小于 0。"):
        load(copy.folder)


def test_built_in_folder_is_where_the_names_point():
    assert (BUILT_IN / "tongwei_2015" / "ranks.toml").is_file()


def test_a_thousand_faults_and_deep_brackets_are_all_told(copy):
    copy.file("tags.toml").write_text(SOURCE + '[[tags]]\ncode = "a b"\n' * 1_000, "utf-8")
    copy.file("ledger.toml").write_text("deep = " + "[" * 300 + "]" * 300, "utf-8")
    lines = {line for name, line, code in copy.found() if (name, code) == ("tags.toml", "bad_code")}
    assert lines == set(range(7, 2_007, 2))
