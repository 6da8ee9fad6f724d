"""REG-4, REG-5: every step prints its form, filled in; the fingerprint binds signatures to what was shown."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures import form_content, printing, rules
from shuanglian.procedures.actions import lists, prints
from shuanglian.procedures.models import FormPrint
from shuanglian.recognition.actions import opening
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.rules.profile import load

AT = datetime(2015, 8, 3, 2, tzinfo=UTC)
PDF = b"%PDF-1.7\nsigned by three\n%%EOF\n"


def proposals(by, many=3):
    return [
        opening.about_household(procedure="exit", household=HouseholdFactory(with_people=2), why="收入过线", asked={},
                                by=by, at=AT)
        for _ in range(many)
    ]  # fmt: skip


def whole_list(committee, place, many=3):
    return lists.make(procedure="exit", name="八月退出批次", area=place.village, by=committee, at=AT,
                      cases=proposals(committee, many))  # fmt: skip


@pytest.mark.parametrize("name", ["tongwei_2015", "gansu_province_2012", "changshun_2017"])
def test_every_step_of_every_procedure_has_a_form_of_the_profile(name):
    profile = load(name)
    wanted = {step.shape.form for one in profile.procedures.values() for step in one.steps if step.shape.form}
    assert wanted and wanted <= set(profile.forms)
    assert all(step.shape.form for one in profile.procedures.values() for step in one.steps)


def test_REG_4_a_lists_form_shows_every_household_and_the_sentence_that_is_signed(committee, place):
    many = whole_list(committee, place)
    made = prints.make(of=many, step="application", by=committee, at=AT)
    shown = made.content
    names = {home.head_name for home in Household.objects.all()}
    assert {row[1] for row in shown["rows"]} == names and shown["number"] == many.number
    assert shown["says"]["zh"] and shown["signers"] and made.digest == form_content.digest_of(shown)


def test_REG_5_the_sign_off_names_the_three_posts(committee, place):
    case = proposals(committee, 1)[0]
    procedure = rules.of_case(case)
    shown = form_content.content(procedure=procedure, step=procedure.step("signoff"), cases=[case], of=case,
                                 on=date(2015, 8, 3))  # fmt: skip
    assert [one["zh"] for one in shown["signers"]] == ["乡镇党委书记", "乡镇长", "人大主席"]


def test_REG_5_the_same_content_is_the_same_print_and_another_content_another(committee, place):
    case = proposals(committee, 1)[0]
    first = prints.make(of=case, step="application", by=committee, at=AT)
    assert prints.make(of=case, step="application", by=committee, at=AT) == first
    Household.objects.update(size=5)
    second = prints.make(of=case, step="application", by=committee, at=AT)
    assert second != first and second.digest != first.digest and len(first.mark) == 19


def test_REG_5_the_signed_scan_comes_back_once_and_is_never_exchanged(committee, place):
    made = prints.make(of=proposals(committee, 1)[0], step="application", by=committee, at=AT)
    kept = prints.bring_back(printed=made, upload=PDF, by=committee, at=AT)
    assert kept.scan is not None and kept.scanned_by == committee
    with pytest.raises(Refusal, match="不能更换"):
        prints.bring_back(printed=made, upload=PDF + b" ", by=committee, at=AT)
    for change in ({"digest": "0" * 64}, {"content_text": "{}"}, {"scan": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FormPrint.objects.filter(pk=made.pk).update(**change)


def test_what_was_printed_is_not_in_clear_in_the_database(committee, place):
    made = prints.make(of=proposals(committee, 1)[0], step="application", by=committee, at=AT)
    name = Household.objects.get().head_name
    assert name in made.content_text and not FormPrint.objects.filter(content_text__contains=name).exists()


def test_the_paper_is_a_pdf_in_both_languages(committee, place):
    from django.utils import translation

    made = prints.make(of=whole_list(committee, place, 30), step="application", by=committee, at=AT)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert printing.pdf(made).startswith(b"%PDF-")


def test_the_page_says_when_the_paper_no_longer_shows_how_things_stand(committee, place):
    client = Client()
    client.force_login(committee, backend="allauth.account.auth_backends.AuthenticationBackend")
    case = proposals(committee, 1)[0]
    answer = client.post(reverse("procedures:print_case", args=[case.pk, "application"]))
    made = FormPrint.objects.get()
    assert answer.url == reverse("procedures:form", args=[made.pk])
    assert client.get(answer.url).context["still"] is True
    Household.objects.update(size=7)
    assert client.get(answer.url).context["still"] is False
    upload = SimpleUploadedFile("签字.pdf", PDF, "application/pdf")
    assert client.post(reverse("procedures:bring_scan", args=[made.pk]), {"scan": upload}).status_code == 302
    assert client.get(reverse("procedures:scan", args=[made.pk])).content == PDF
    assert client.get(reverse("procedures:form_pdf", args=[made.pk]))["Content-Type"] == "application/pdf"


def test_a_list_without_anybody_at_the_step_prints_nothing(committee, place):
    with pytest.raises(Refusal):
        prints.make(of=whole_list(committee, place), step="approval", by=committee, at=AT)


def test_REG_5_a_signature_on_the_page_is_bound_to_what_the_page_showed(committee, place):
    from shuanglian.accounts.tests.factories import UserFactory
    from shuanglian.procedures.models import Case, Signature

    leader = UserFactory(username="secretary", full_name="镇书记", role="leader", area=place.village.parent)
    client = Client()
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    case = proposals(committee, 1)[0]
    Case.objects.filter(pk=case.pk).update(step="signoff")
    page = client.get(reverse("procedures:case", args=[case.pk]))
    shown = dict(page.context["shown"])
    assert list(shown) == [f"shown_{case.pk}"]
    form = next(one for one in page.context["forms"] if one.offer.deed == "sign")
    told = {f"{form.prefix}-to": "party_secretary", f"{form.prefix}-on": page.context["today"].isoformat()}
    sign = reverse("procedures:do", args=[case.pk, "signoff", "sign"])

    Household.objects.update(size=9)  # somebody changes the file while the page is open
    client.post(sign, {**told, **shown})
    assert not Signature.objects.exists()
    client.post(sign, told)  # a program that shows nothing signs nothing
    assert not Signature.objects.exists()

    shown = dict(client.get(reverse("procedures:case", args=[case.pk])).context["shown"])
    client.post(sign, {**told, **shown})
    assert Signature.objects.get().digest == shown[f"shown_{case.pk}"]
