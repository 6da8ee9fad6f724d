"""Proposals to amend: collected, joined, weighed by others, passed to whose policy it is, told (VOICE-4, M-POL-04)."""

import pytest
from django.db import transaction

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.grievances.models import Answer
from shuanglian.grievances.tests.factories import raised
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.policywatch.actions import proposals
from shuanglian.policywatch.models import Proposal, Report

from .factories import AT, clerk, proposal

WHY = "材料已减为两样，由学校统一收取，九月起执行"
PUBLIC = {"shown": "减少高中助学金的申请材料", "reasons_shown": "采纳：材料减为两样，由学校统一办理"}


def refused(code, verb, **given):
    with pytest.raises(Refusal) as told, transaction.atomic():
        verb(**given)
    assert told.value.code == code


def test_VOICE_4_a_village_proposes_and_its_countys_department_weighs(land):
    bureau = clerk(land)
    made = proposal(land)
    assert made.state == Report.State.PROPOSED
    kept = made.proposal
    assert (kept.area_code, kept.department, kept.level, kept.owner) == (
        land.place.area.code,
        "education",
        "county",
        "county",
    )
    assert Message.objects.get(template="policywatch.proposed").to == bureau


def test_M_VOICE_16_proposals_that_say_the_same_are_offered_to_be_joined_and_others_are_not(land):
    first = proposal(land).proposal
    near = proposals.alike(
        benefit=first.benefit, county=first.area_code, text="建议把申请材料由五样减为两样，由学校统一代办"
    )
    assert [one for one, _share in near] == [first]
    assert proposals.alike(benefit=first.benefit, county=first.area_code, text="补助标准应当提高到每年两千元") == []


def test_VOICE_4_who_joins_is_counted_and_told_of_the_same_fate(land):
    bureau, first = clerk(land), proposal(land)
    second = proposal(land, by=land.cadre, join=first.proposal)
    other = proposal(land, by=land.township, should="建议材料少一些，学校代办就行")
    leader = proposals.join(proposal=other.proposal, to=first.proposal, by=bureau, at=AT)
    assert leader.people == 3
    proposals.weigh(proposal=leader, fate="adopted", reasons=WHY, by=bureau, at=AT, **PUBLIC)
    for one in (first, second, other):
        one.refresh_from_db()
        assert (one.state, one.outcome, one.answer) == ("closed", "fate", WHY)
    told = set(Message.objects.filter(template="policywatch.weighed").values_list("to", flat=True))
    assert told == {land.village.pk, land.cadre.pk, land.township.pk}


@pytest.mark.parametrize("who", ["maker", "joiner"])
def test_VOICE_4_who_proposes_does_not_weigh(land, who):
    clerk(land)
    first = proposal(land, by=land.office)
    other = UserFactory(role="programme_office", area=land.place.area)
    proposal(land, by=other, join=first.proposal)
    by = land.office if who == "maker" else other
    refused(
        "own_proposal", proposals.weigh, proposal=first.proposal, fate="adopted", reasons=WHY, by=by, at=AT, **PUBLIC
    )
    refused("own_proposal", proposals.pass_up, proposal=first.proposal, opinion="同意报上级", by=by, at=AT)


def test_VOICE_3_the_demand_that_proposed_is_answered_with_the_fate(land):
    bureau, demand = clerk(land), raised(land, category="policy", text="助学金要的材料太多")
    made = proposal(land, demand=demand, household=land.homes[0])
    proposals.weigh(
        proposal=made.proposal,
        fate="not_adopted",
        reasons="材料是省里统一规定的，县里不能减",
        by=bureau,
        at=AT,
        rule="省助学金办法第八条",
        appeal="市教育局",
        shown=PUBLIC["shown"],
        reasons_shown="未采纳：材料由省里规定",
    )
    answer = Answer.objects.get()
    assert (answer.outcome, answer.rule, answer.matter) == (
        "explained",
        "省助学金办法第八条",
        f"policywatch.report:{made.pk}",
    )


def test_VOICE_4_not_adopted_says_by_which_rule(land):
    bureau, made = clerk(land), proposal(land)
    refused(
        "text_missing",
        proposals.weigh,
        proposal=made.proposal,
        fate="not_adopted",
        reasons="县里不能减材料",
        by=bureau,
        at=AT,
        **PUBLIC,
    )


def test_VOICE_4_only_the_level_that_owns_a_policy_can_adopt_and_it_goes_up_level_by_level(land):
    made = proposal(land, benefit="dibao_class_1").proposal
    assert made.owner == "province"
    refused(
        "not_own_policy", proposals.weigh, proposal=made, fate="adopted", reasons=WHY, by=land.office, at=AT, **PUBLIC
    )
    city = UserFactory(role="programme_office", area=land.place.area.parent)
    proposals.pass_up(proposal=made, opinion="情况属实，建议采纳", by=land.office, at=AT)
    made.refresh_from_db()
    assert (made.level, made.office) == ("city", land.place.area.parent.code)
    proposals.pass_up(proposal=made, opinion="同意县里意见", by=city, at=AT)
    made.refresh_from_db()
    assert made.level == "province"
    refused("own_policy", proposals.pass_up, proposal=made, opinion="再往上报", by=city, at=AT)
    assert proposals.weigh(proposal=made, fate="partly", reasons=WHY, by=city, at=AT, **PUBLIC).state == "decided"


@pytest.mark.parametrize("shown", ["电话 13912345678 的村民提的", "{head}家提的建议"])
def test_VOICE_4_what_is_published_names_nobody(land, shown):
    bureau = clerk(land)
    home = land.homes[0]
    made = proposal(land, household=home)
    with pytest.raises(Refusal) as told:
        proposals.weigh(
            proposal=made.proposal,
            fate="adopted",
            reasons=WHY,
            by=bureau,
            at=AT,
            shown=shown.format(head=home.head_name),
            reasons_shown=PUBLIC["reasons_shown"],
        )
    assert told.value.code in ("public_phone", "name_in_public")
    assert Proposal.objects.get().fate == ""


def test_VOICE_4_a_proposal_of_another_policy_cannot_be_joined(land):
    first, second = proposal(land).proposal, proposal(land, benefit="preschool_fee").proposal
    refused("other_policy", proposals.join, proposal=second, to=first, by=land.office, at=AT)
