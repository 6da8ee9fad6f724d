"""Disputes: noticed early, mediated by nobody's relative, climbing by time, kept only so long (VOICE-5)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.attachments.models import Attachment
from shuanglian.disputes.actions import disputes, forgetting, mediating, screening
from shuanglian.disputes.models import Dispute, Party, Record, Screening
from shuanglian.disputes.queries import figures, not_looked
from shuanglian.fieldwork.tests.factories import photo
from shuanglian.grievances.models import Answer, Demand
from shuanglian.grievances.tests.factories import raised
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Relative
from shuanglian.trail.models import Entry

from .factories import AGREED, AT, ON, WORDS, agreed, closed, noticed


def refused(code, call, /, **given):
    with pytest.raises(Refusal) as told, transaction.atomic():
        call(**given)
    assert told.value.code == code


# --- noticed ----------------------------------------------------------------------------------------------------------
def test_VOICE_5_a_small_matter_begins_in_its_village_and_only_the_village_is_told(land):
    made = noticed(land)
    assert (made.level, made.office, made.due_on) == ("village", land.first_village.code, date(2015, 7, 22))
    assert set(Message.objects.values_list("to", flat=True)) == {land.village.pk}


@pytest.mark.parametrize("kind", ["ethnic", "religious"])
def test_M_VOICE_10_special_kinds_go_straight_to_the_county(land, kind):
    made = noticed(land, kind=kind)
    assert (made.level, made.office) == ("county", land.place.area.code)


@pytest.mark.parametrize("given", [{"people": 5}, {"tendency": True}])
def test_M_VOICE_09_what_concerns_many_or_will_come_again_is_told_to_all_above_at_once(land, given):
    made = noticed(land, **given)
    told = set(Message.objects.filter(template="disputes.many").values_list("to", flat=True))
    assert made.level == "village" and told == {land.township.pk, land.office.pk}


def test_VOICE_5_the_same_notice_twice_is_one_and_other_words_are_refused(land):
    key = uuid4()
    assert noticed(land, key=key) == noticed(land, key=key)
    refused("form_sent", noticed, land=land, key=key, words="另外一件事情")


def test_VOICE_5_no_word_of_it_stands_readable_in_the_database_the_trail_or_a_message(land):
    made = noticed(land)
    mediating.add_party(
        dispute=made, name="赵大牛", phone="13912345678", home=land.homes[0].number, by=land.village, at=AT
    )
    agreed(land, made)
    with connection.cursor() as cursor:
        for table in ("disputes_dispute", "disputes_party", "disputes_record", "disputes_step", "trail_entry",
                      "notifications_message"):  # fmt: skip
            cursor.execute(f"select coalesce(string_agg(t::text, ''), '') from {table} t")
            text = cursor.fetchone()[0]
            assert not any(word in text for word in ("赵大牛", "钱二虎", "13912345678", "两垄")), table
            if table.startswith("disputes"):
                assert land.homes[0].number not in text


# --- mediated ---------------------------------------------------------------------------------------------------------
def test_VOICE_5_nobody_mediates_who_is_a_party_or_a_relative_of_one(land):
    made, home = noticed(land), land.homes[1]
    other = Cadre.objects.get(user=land.other)
    Relative.objects.create(cadre=other, household=home, note="叔侄", since=ON)
    mediating.add_party(dispute=made, name=home.head_name, home=home.number, by=land.village, at=AT)
    mediating.add_party(dispute=made, name=Cadre.objects.get(user=land.third).name, by=land.village, at=AT)
    for user in (land.other, land.third):
        refused("is_related", mediating.assign, dispute=made, mediator=user, by=land.village, at=AT)
    assert mediating.assign(dispute=made, mediator=land.cadre, by=land.village, at=AT).mediator == land.cadre


def test_VOICE_5_a_mediator_whose_relative_turns_up_is_free_of_it_at_once(land):
    made, home = noticed(land), land.homes[1]
    Relative.objects.create(cadre=Cadre.objects.get(user=land.other), household=home, note="叔侄", since=ON)
    mediating.assign(dispute=made, mediator=land.other, by=land.village, at=AT)
    mediating.add_party(dispute=made, name="赵大牛", home=home.number, by=land.village, at=AT)
    made.refresh_from_db()
    assert made.mediator is None and made.steps.filter(kind="freed").exists()


def test_VOICE_5_only_who_mediates_by_his_role_can_be_named(land):
    refused("no_mediator", mediating.assign, dispute=noticed(land), mediator=land.unit, by=land.village, at=AT)


def test_VOICE_5_an_agreement_is_looked_after_and_settles_it_where_it_was_made(land):
    made = agreed(land, noticed(land))
    assert (made.state, made.solved_at, made.follow_on) == ("agreed", "village", date(2015, 8, 7))
    disputes.night(on=made.follow_on, at=AT)
    assert Message.objects.filter(template="disputes.follow").exists()
    later = AT + timedelta(days=31)
    done = mediating.visit(
        dispute=made, on=date(2015, 8, 8), holds="yes", notes="地埂已经垒好", by=land.village, at=later
    )
    assert (done.state, done.end, done.solved_at, done.keep_until) == ("closed", "agreed", "village", date(2016, 8, 8))


def test_VOICE_5_an_agreement_that_does_not_hold_opens_it_again_with_new_time(land):
    made = agreed(land, noticed(land))
    later = AT + timedelta(days=31)
    done = mediating.visit(
        dispute=made, on=date(2015, 8, 8), holds="partly", notes="赔了一半", by=land.village, at=later
    )
    assert (done.state, done.solved_at, done.level) == ("open", "", "village") and done.due_on > date(2015, 8, 8)


def test_VOICE_5_no_end_without_words_and_agreements_end_by_their_follow_up(land):
    made = noticed(land)
    refused("no_end", mediating.close, dispute=made, end="agreed", why="说好了说好了", by=land.village, at=AT)
    refused("text_missing", mediating.close, dispute=made, end="calmed", why="", by=land.village, at=AT)
    assert closed(land, made).solved_at == "village"
    refused("not_open", mediating.meet, dispute=made, on=ON, present=2, notes="又谈了一次", by=land.village, at=AT)


# --- up ---------------------------------------------------------------------------------------------------------------
def test_VOICE_5_what_is_not_settled_in_time_goes_up_one_level_and_stays_at_the_county(land):
    made = noticed(land)
    mediating.assign(dispute=made, mediator=land.cadre, by=land.village, at=AT)
    assert disputes.night(on=made.due_on, at=AT) == 0
    for level, office in (("township", land.first_village.parent.code), ("county", land.place.area.code)):
        made.refresh_from_db()
        night = made.due_on + timedelta(days=1)
        at = AT + (night - ON)
        assert disputes.night(on=night, at=at) == 1 and disputes.night(on=night, at=at) == 0
        made.refresh_from_db()
        assert (made.level, made.office, made.mediator) == (level, office, None)
    assert disputes.night(on=made.due_on + timedelta(days=99), at=AT + timedelta(days=300)) == 0


def test_VOICE_5_passing_up_takes_along_what_was_tried(land):
    made = noticed(land)
    refused("text_missing", mediating.pass_up, dispute=made, why="", by=land.village, at=AT)
    mediating.pass_up(dispute=made, why="调了三次，界石找不到了", by=land.village, at=AT)
    made.refresh_from_db()
    assert made.level == "township" and "界石找不到了" in made.records.get(kind="why").text


# --- the demand -------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(land):
    demand = raised(land, category="dispute", text=WORDS, by=land.cadre)
    return demand, noticed(land, demand=demand)


def test_VOICE_5_a_demand_becomes_a_dispute_with_who_asked_as_a_party(land, asked):
    demand, made = asked
    one = made.parties.get()
    assert (one.name, one.home) == (land.homes[0].head_name, land.homes[0].number)
    assert made.door == "demand" and demand.steps.filter(kind="opened", text="").exists()
    refused("opened_already", noticed, land=land, demand=demand)


def test_VOICE_3_the_demands_answer_follows_and_leads_to_no_dispute(land, asked):
    demand, made = asked
    refused("answer_missing", mediating.agree, dispute=made, on=ON, text=AGREED, by=land.village, at=AT)
    agreed(land, made, answer="双方说好了，以老界石为准")
    demand.refresh_from_db()
    answer = Answer.objects.get()
    assert demand.state == Demand.State.ANSWERED
    assert (answer.outcome, answer.matter) == ("solved", "disputes.dispute")
    assert str(made.pk) not in f"{answer.text}{answer.evidence}{answer.matter}"


def test_VOICE_3_sent_to_the_courts_is_explained_with_rule_and_place(land, asked):
    _demand, made = asked
    told = {"end": "handed_over", "answer": "地界有承包证，要由仲裁委裁决"}
    refused("no_rule", closed, land=land, dispute=made, **told)
    closed(land, made, rule="农村土地承包经营纠纷调解仲裁法第四条", appeal="县农村土地承包仲裁委", **told)
    assert Answer.objects.get().outcome == "explained"
    assert Dispute.objects.get().solved_at == ""


# --- kept only so long ------------------------------------------------------------------------------------------------
@pytest.fixture
def over(land, asked):
    """A dispute with everything that can name somebody, closed on 8 August 2015."""
    _demand, made = asked
    mediating.add_party(dispute=made, name="赵大牛", phone="13912345678", by=land.village, at=AT)
    mediating.meet(dispute=made, on=ON, present=4, notes="请了两边的长辈来", by=land.village, at=AT)
    scan = SimpleUploadedFile("赵大牛协议.jpg", photo(7), content_type="image/jpeg")
    made = agreed(land, made, files=[scan], answer="双方说好了")
    return mediating.visit(dispute=made, on=date(2015, 8, 8), holds="yes", notes="都履行了", by=land.village,
                           at=AT + timedelta(days=31))  # fmt: skip


def test_VOICE_5_names_go_on_the_day_that_the_profile_says_and_not_before(land, over):
    assert forgetting.night(on=over.keep_until - timedelta(days=1), at=AT) == 0
    assert Party.objects.count() == 2
    assert forgetting.night(on=over.keep_until, at=AT) == 1 and forgetting.night(on=over.keep_until, at=AT) == 0
    over.refresh_from_db()
    assert (over.gone_why, over.demand, over.digest) == ("rule", None, "")
    assert not Party.objects.exists()
    assert {one.text for one in Record.objects.all()} == {""}


def test_VOICE_5_counts_remain_and_the_trail_says_by_which_rule(land, over):
    forgetting.night(on=over.keep_until, at=AT)
    assert over.records.filter(kind="meeting", present=4).count() == 1
    kept = Dispute.objects.get()
    assert (kept.kind, kept.people, kept.solved_at, kept.end) == ("land", 2, "village", "agreed")
    line = Entry.objects.get(verb="disputes.forget")
    assert line.details == {"rule": "rule", "keep_months": 12} and line.by_id is None


def test_VOICE_5_the_signed_scan_goes_too_and_its_name_was_never_kept(land, over):
    scan = Attachment.objects.get(purpose="dispute_agreement")
    assert scan.name == "" and scan.gone_at is None
    forgetting.night(on=over.keep_until, at=AT)
    scan.refresh_from_db()
    assert scan.gone_at is not None


def test_VOICE_5_a_party_may_ask_earlier_and_not_while_it_is_mediated(land, over):
    other = noticed(land)
    refused("still_needed", forgetting.asked, dispute=other, by=land.village, at=AT)
    assert forgetting.asked(dispute=over, by=land.village, at=AT).gone_why == "asked"
    assert not Party.objects.exists()


def test_VOICE_5_a_record_is_emptied_and_never_rewritten(land):
    noticed(land)
    for change in ({"text": "改过的话"}, {"on": date(2015, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Record.objects.update(**change)
    assert Record.objects.update(text="") == 1


def test_VOICE_5_a_party_not_needed_leaves_nothing(land):
    made = noticed(land)
    one = mediating.add_party(dispute=made, name="赵大牛", by=land.village, at=AT)
    mediating.remove_party(party=one, by=land.village, at=AT)
    assert not Party.objects.exists()


# --- looked round -----------------------------------------------------------------------------------------------------
def test_M_VOICE_09_a_village_has_looked_when_it_says_so_or_enters_what_it_found(land):
    villages = {home.village_id for home in land.homes}
    july = date(2015, 7, 1)
    assert villages <= set(not_looked(july).values_list("pk", flat=True))
    noticed(land)
    away = next(home.village for home in land.homes if home.village_id != land.first_village.pk)
    for _twice in range(2):
        screening.looked(village=away, month=ON, by=land.office, at=AT)
    assert Screening.objects.count() == 1
    assert not {land.first_village.pk, away.pk} & set(not_looked(july).values_list("pk", flat=True))
    refused("ahead_of_time", screening.looked, village=away, month=date(2015, 8, 1), by=land.office, at=AT)


def test_M_VOICE_09_villages_that_have_not_looked_are_reminded_once_from_the_day_on(land):
    assert screening.night(on=date(2015, 7, 24), at=AT) == 0
    for _twice in range(2):
        screening.night(on=date(2015, 7, 25), at=AT)
    assert Message.objects.get(template="disputes.screen").to == land.village


def test_VOICE_5_small_figures_are_left_out_and_others_shown(land):
    for n in range(4):
        one = noticed(land, words=f"{WORDS}第{n}次")
        if n < 3:
            closed(land, one)
    noticed(land, kind="family")
    told = {one.kind: one for one in figures(seen_by=land.office, area=land.place.area, year=2015)}
    assert (told["land"].whole, told["land"].open, told["land"].levels["village"]) == (4, None, 3)
    assert told["family"].whole is None and told["hydropower"].whole == 0


def test_VOICE_5_no_relation_of_the_registry_or_of_organisation_leads_to_a_dispute():
    from django.apps import apps

    rooms = ("registry", "organisation", "pairing", "benefits", "grievances", "recognition")
    leading = [
        f"{model.__name__}.{one.name}"
        for room in rooms for model in apps.get_app_config(room).get_models()
        for one in model._meta.get_fields() if one.is_relation and one.auto_created and one.related_model
        and one.related_model._meta.app_label == "disputes" and not one.hidden
    ]  # fmt: skip
    assert leading == []
    tracked = [model.__name__ for model in apps.get_app_config("disputes").get_models()]
    assert not [name for name in tracked if name.endswith("Event")]  # no row history keeps what is deleted


def test_VOICE_5_an_account_without_a_role_mediates_nothing(land):
    from shuanglian.disputes import access

    made = noticed(land)
    nobody = UserFactory(role="", area=land.place.area)
    assert not access.is_inside(nobody, made) and not access.disputes_seen_by(nobody).exists()
