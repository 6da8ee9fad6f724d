"""Every department's list of the issue can be imported and finds who may be missing (REG-3)."""

from decimal import Decimal

import pytest

from shuanglian.adjustment import wording
from shuanglian.adjustment.models import Item
from shuanglian.benefits.models import Due, Payment
from shuanglian.benefits.tests.payrolls import enter, household, undo
from shuanglian.core.profile import active
from shuanglian.exits.tests.factories import ON
from shuanglian.sheets.engine.provisions import Provisions
from shuanglian.sheets.models import Batch

from .test_adjustment import run

pytestmark = pytest.mark.django_db
PLACE = ("乡镇", "行政村")
LISTS = {
    "dibao": (("姓名", "身份证号", "低保类别", "发放金额"), ("一类", "3300"), "通渭县农村低保金发放花名册"),
    "illness": (("患者姓名", "身份证号", "住院总费用", "报销金额"), ("20000", "9000"), "通渭县大病保险报销花名册"),
    "schooling": (("学生姓名", "身份证号", "学校", "资助金额"), ("通渭一中", "2000"), "通渭县普通高中国家助学金发放表"),
    "disaster": (("姓名", "身份证号", "救助金额"), ("500",), "通渭县自然灾害救助发放表"),
    "disability": (("姓名", "残疾证号", "残疾类别", "残疾等级"), ("肢体", "二级"), "通渭县残疾人持证名册"),
}  # fmt: skip
STRANGER = "62112119700101001"


def number(stem=STRANGER):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return stem + "10X98765432"[sum(int(a) * b for a, b in zip(stem, weights, strict=True)) % 11]


def brought(code, village, name="赵无册", held=None, **how):
    head, cells, title = LISTS[code]
    held = held or (number() + ("42" if code == "disability" else ""))
    return enter([[village.parent.name, village.name, name, held, *cells]], header=(*PLACE, *head), title=title, **how)


@pytest.mark.parametrize("code", sorted(LISTS))
def test_REG_3_each_list_is_imported_and_names_who_is_not_on_the_register(place, code):
    batch = brought(code, place.village)
    assert batch.state == Batch.State.ACCEPTED
    kept = Payment.objects.get()
    assert kept.benefit in active().on(ON).exits.lists[code].benefits
    item = Item.objects.get(round=run(place.county))
    assert (item.kind, item.name, [one["code"] for one in item.grounds]) == ("missing", "赵无册", [code])
    assert item.cause == active().on(ON).exits.lists[code].cause
    said = wording.grounds(item)[0]
    assert ("元" in said) == (code != "disability")


def test_every_provision_of_a_department_list_can_be_chosen_when_uploading(place):
    choices = {code for code, _label in Provisions(active()).choices("zh")}
    families = {"dibao_class_1", "dibao_class_2"}
    wanted = {code for one in active().exits.lists.values() for code in one.benefits}
    assert wanted - families <= choices and "dibao" in choices
    assert {"dibao", "illness", "schooling", "disaster", "disability"} <= set(active().exits.lists)


def test_REG_3_a_register_that_pays_nothing_makes_no_due_and_no_income_and_can_be_undone(place):
    home = household("李大有")
    person = home.people.get()
    batch = brought("disability", home.village, name=person.name, held=f"{person.id_number}42")
    kept = Payment.objects.get()
    assert (kept.person, kept.yuan, kept.due) == (person, Decimal(0), None)
    assert not Due.objects.filter(benefit=kept.benefit).exists()
    assert not home.transfers.exists()
    assert not Item.objects.filter(round=run(place.county), kind="missing").exists()
    undo(batch)
    assert not Payment.objects.exists()
