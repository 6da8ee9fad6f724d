"""The registration form of 2013 and 2014 (roster_headers.md, section 4): labels beside values, ticks, years, members."""

from shuanglian.sheets.engine.workbook import read

from .makers import cells, checked, codes, number, sentences, told, xlsx

FORM = [
    ["贫困户登记表"], cells("省 | 甘肃省 | 市 | 定西市 | 县 | 通渭县 | 镇(乡) | 平襄镇 | 行政村 | 孟河村 | 村民小组 | 三社"),
    ["户主姓名", "张三", "联系电话", "13812345678", "公民身份号码", number("19700101", 11)], cells("开户银行 | 农村信用社 | 银行账号 | 27010122000045678"),
    cells("A1 识别标准 | ☑国家标准 □省定标准 □市定标准 | A2 贫困户属性 | □一般贫困户 ☑低保户 □五保户"), cells("A3a 主要致贫原因 | ☑因病 □因残 □因学"),
    cells("A3b 其他致贫原因 | □因病 ☑因学 ☑缺技术"),
    cells("序号 | 姓名 | 性别 | 公民身份号码或残疾证号 | 与户主关系 | 民族 | 文化程度 | 在校学生 | 健康状况 | 劳动能力"), cells(" | A4 | A5 | A6 | A7 | A8 | A9 | A10 | A11 | A12"),
    ["1", "张三", "男", number("19700101", 11), "户主", "汉族", "初中", "", "长期慢性病", "普通劳动力"],
    ["2", "李四", "女", number("19720101", 22), "配偶", "汉", "小学", "", "健康", "普通劳动力"], ["3"], ["4"],
    cells(" | 2013 | 2014 | 2015 | 2016"), cells("A17家庭总收入 | 8000 | 9000"), cells("A19 家庭纯收入 | 6000 | 7000"), cells("A20家庭年人均纯收入 | 3000 | 3500"),
    cells("A21住房面积 | 80 | A22房屋主要结构 | 砖木 | A23建房时间 | 1990"), cells("A35通电 | 是 | A36燃料类型 | 柴草、煤炭 | A37饮水情况 | 安全"),
    cells("填表人：王某 | | 审核人：李某"),
]  # fmt: skip


def changed(row, at, text):
    rows = [list(one) for one in FORM]
    rows[row][at] = text
    return rows


def test_a_form_is_read_as_a_household_with_its_members():
    found = checked({"张三": FORM})
    assert codes(found) == ["household_number_missing"] or found.findings.height == 0, sentences(found)
    household = found.rows["households"].row(0, named=True)
    assert (household["head_name"], household["village_code"], household["group"]) == ("张三", "621121100216", "三社")
    assert (household["standard"], household["kind"], household["main_cause"], household["other_causes"]) == (
        "1",
        "02",
        "01",
        ["03", "07"],
    )
    assert (household["net_income"], household["income_per_head"], household["house_area"], household["power"]) == (
        7000,
        3500,
        80,
        True,
    )
    assert household["fuel"] == ["01", "03"] and household["bank_account"] == "27010122000045678"
    assert found.rows["persons"].select("name", "relation", "sex").rows() == [("张三", "01", "1"), ("李四", "02", "2")]


def test_faults_are_told_in_the_cells_of_the_form():
    assert ("D11", "id_check") in told(
        checked(
            {
                "张三": changed(
                    10,
                    3,
                    number("19720101", 22)[:-1] + "?".replace("?", "0" if number("19720101", 22)[-1] != "0" else "1"),
                )
            }
        )
    )
    assert ("B17", "not_a_number") in told(checked({"张三": [*FORM[:16], ["A20家庭年人均纯收入", "三千"], *FORM[17:]]}))
    assert ("F3", "id_length") in told(checked({"张三": changed(2, 5, "12345")})) or ("D10", "id_length") in told(
        checked({"张三": changed(9, 3, "12345")})
    )


def test_several_forms_a_workbook_one_a_sheet_or_below_one_another():
    second = [
        ["贫困户登记表"],
        cells("县 | 通渭县 | 镇(乡) | 平襄镇 | 行政村 | 城关村"),
        cells("户主姓名 | 王五 | 家庭人口 | 1"),
        cells("A2 贫困户属性 | ☑五保户 | 联系电话 | 13912345678"),
        cells("A3a 主要致贫原因 | ☑因残"),
    ]
    sheets = checked({"张三": FORM, "王五": second})
    stacked = checked({"全村": [*FORM, [], *second]})
    for found in (sheets, stacked):
        assert found.rows["households"]["head_name"].to_list() == ["张三", "王五"]
        assert found.rows["households"]["kind"].to_list() == ["02", "06"]


def test_a_table_is_never_taken_for_a_form():
    table = [
        cells("户主姓名 | 行政村 | 联系电话 | 家庭人口 | 主要致贫原因"),
        cells("张三 | 孟河村 | 13812345678 | 3 | 因病"),
        cells("李四 | 孟河村 | 13912345678 | 3 | 因学"),
    ]
    (one,) = read(xlsx(table), "a.xlsx")
    assert one.moved == {} and one.cells.height == 3
