"""REG-5: three posts sign; who signs in which is what the roster says, where it says anything."""

from datetime import UTC, datetime

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.procedures import form_content, hooks, rules
from shuanglian.procedures.actions import signatures
from shuanglian.procedures.models import Act, Case
from shuanglian.recognition.actions import opening
from shuanglian.recognition.posts import names, posts
from shuanglian.registry.tests.factories import HouseholdFactory

AT = datetime(2026, 8, 3, 2, tzinfo=UTC)


@pytest.fixture
def case(committee):
    return opening.about_household(procedure="exit", household=HouseholdFactory(with_people=1), why="过线", asked={},
                                   by=committee, at=AT)  # fmt: skip


@pytest.fixture
def step(case):
    return rules.of_case(case).step("signoff")


def leader(place, name, post=""):
    user = UserFactory(username=name, full_name=name, role="leader", area=place.village.parent)
    if post:
        CadreFactory(user=user, name=name, post=post)
    return user


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("乡镇党委书记", "party_secretary"), ("平襄镇党委书记", "party_secretary"), ("党委 书记", "party_secretary"),
        ("镇长", "township_head"), ("义岗川乡乡长", "township_head"), ("人大主席", "congress_chair"),
        ("副镇长", ""), ("党委副书记", ""), ("镇长助理", ""), ("人大副主席", ""), ("扶贫专干", ""),
    ],
)  # fmt: skip
def test_a_rosters_words_name_the_post_and_never_a_deputy(step, text, code):
    assert [one.code for one in step.signs if names(one, text)] == ([code] if code else [])


def test_who_stands_on_the_roster_signs_in_his_own_post_only(step, place):
    secretary = leader(place, "secretary", "平襄镇党委书记")
    found = posts(step.signs, secretary)
    assert found["party_secretary"] == hooks.HELD and "花名册上您的职务" in found["township_head"]


def test_nobody_signs_in_the_post_of_another_who_is_known_to_hold_it(step, place):
    leader(place, "mayor", "镇长")
    stranger = leader(place, "stranger")
    found = posts(step.signs, stranger)
    assert "mayor" in found["township_head"] and found["party_secretary"] == hooks.DECLARED
    far = UserFactory(username="far", role="leader", area=place.neighbour_township)
    assert posts(step.signs, far)["township_head"] == hooks.DECLARED, "another township has a head of its own"


def test_the_signature_says_whether_the_register_knew_the_post(case, step, place):
    from shuanglian.kernel.refusal import Refusal

    Case.objects.filter(pk=case.pk).update(step="signoff")
    case.refresh_from_db()
    mayor, stranger = leader(place, "mayor", "镇长"), leader(place, "stranger")
    shown = form_content.shown_of([case], step, AT.date())
    given = {"step": "signoff", "shown": shown, "on": AT.date(), "at": AT}
    with pytest.raises(Refusal) as refused:
        signatures.sign(post="township_head", by=stranger, **given)
    assert refused.value.code == "not_his_post"
    signatures.sign(post="township_head", by=mayor, **given)
    signatures.sign(post="congress_chair", by=stranger, **given)
    held = {act.content["post"]: act.content["held"] for act in Act.objects.filter(case=case, deed="sign")}
    assert held == {"township_head": hooks.HELD, "congress_chair": hooks.DECLARED}
