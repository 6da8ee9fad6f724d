"""What officers, the complainant and the calendar do with a letter (VOICE-2, VOICE-3, VOICE-6, ASSESS-12)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.complaints import access, queries
from shuanglian.complaints.actions import handling, officers, openings, rounds
from shuanglian.complaints.models import Complaint, Opening, Step
from shuanglian.core import profile
from shuanglian.fieldwork.tests.factories import AT
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.rules.complaints import climbs
from shuanglian.trail.models import Entry

from .factories import at, office, send

pytestmark = pytest.mark.django_db
ANSWER = "查了发放表和领取签字，少发的一半已经补给三十一户，会计另行处理。"


@pytest.fixture(scope="module")
def shared(kept):
    with kept():
        return office()


@pytest.fixture
def here(shared):
    return shared


@pytest.fixture
def letter(here):
    return send(household=here.home, name="王进财", phone="13900001111")


def answered(letter, by, outcome="substantiated", consequence="discipline"):
    handling.take_up(complaint=letter, by=by, at=AT)
    return handling.answer(complaint=letter, outcome=outcome, consequence=consequence, text=ANSWER, by=by, at=AT)


def kinds(letter):
    return list(letter.steps.order_by("place").values_list("kind", flat=True))


def code(raised):
    return raised.value.code


# --- outcomes ---------------------------------------------------------------------------------------------------------
def test_ASSESS_12_what_is_found_true_must_name_what_follows_and_what_is_not_must_not(here, letter):
    handling.take_up(complaint=letter, by=here.county, at=AT)
    for outcome, consequence in (("substantiated", ""), ("unfounded", "talk"), ("partly", "?"), ("?", "")):
        with pytest.raises(Refusal):
            handling.answer(
                complaint=letter, outcome=outcome, consequence=consequence, text=ANSWER, by=here.county, at=AT
            )
    done = handling.answer(
        complaint=letter, outcome="substantiated", consequence="discipline", text=ANSWER, by=here.county, at=AT
    )
    assert (done.state, done.outcome) == ("answered", "substantiated")
    last = queries.lines(letter, follower=True)[-1]
    assert (last.text, last.told["consequence"]) == (ANSWER, "discipline")


def test_VOICE_3_nothing_is_answered_before_it_was_taken_up_or_in_two_words(here, letter):
    with pytest.raises(Refusal) as raised:
        handling.answer(complaint=letter, outcome="unfounded", text=ANSWER, by=here.county, at=AT)
    assert code(raised) == "not_now"
    handling.take_up(complaint=letter, by=here.county, at=AT)
    with pytest.raises(Refusal) as raised:
        handling.answer(complaint=letter, outcome="unfounded", text="不实。", by=here.county, at=AT)
    assert code(raised) == "text_missing"


def test_VOICE_6_a_verb_asks_by_itself_whether_the_officer_may(here, letter):
    for person in (here.city, here.admin, here.land.township, here.land.cadre, here.land.leader):
        for verb, told in (
            (handling.take_up, {}), (handling.ask, {"text": "什么时候"}), (handling.pass_up, {"why": "与我有关"}),
            (openings.ask, {"why": "需要当面核对"}), (handling.open_, {}),
        ):  # fmt: skip
            with pytest.raises(Refusal) as raised:
                verb(complaint=letter, by=person, at=AT, **told)
            assert code(raised) == "not_yours"


def test_VOICE_6_what_is_done_leaves_no_line_in_the_trail_and_no_message(here, letter):
    before = Entry.objects.count(), Message.objects.count()
    handling.open_(complaint=letter, by=here.county, at=AT)
    answered(letter, here.county)
    handling.deny(complaint=letter, at=AT)
    rounds.night(at=AT + timedelta(days=400))
    assert (Entry.objects.count(), Message.objects.count()) == before


# --- the complainant --------------------------------------------------------------------------------------------------
def test_VOICE_3_yes_closes_it_and_no_begins_it_anew_one_office_higher(here, letter):
    other = send(village=here.land.first_village)
    for one in (letter, other):
        answered(one, here.county)
    assert handling.confirm(complaint=letter, at=AT).state == "closed"
    up = handling.deny(complaint=other, why="只补了一半", at=AT)
    assert (up.state, up.outcome, up.office_code) == ("received", "", here.city.area.code)
    assert access.letter_to_read(here.county, other.pk, AT.date()) is None
    assert access.letter_to_read(here.city, other.pk, AT.date()) is not None
    with pytest.raises(Refusal):
        handling.confirm(complaint=other, at=AT)
    with pytest.raises(Refusal):
        handling.add(complaint=letter, text="还有", at=AT)


def test_VOICE_6_the_follow_page_repeats_no_word_of_the_complainant_and_of_no_officer_who_read_it(here, letter):
    handling.open_(complaint=letter, by=here.county, at=AT)
    handling.add(complaint=letter, text="补充：会计姓张", at=AT)
    handling.ask(complaint=letter, text="是哪一个月的事？", by=here.county, at=AT)
    shown = queries.lines(letter, follower=True)
    assert [one.step.kind for one in shown] == ["received", "added", "asked"]
    assert [one.text for one in shown] == ["", "", "是哪一个月的事？"]
    assert "补充：会计姓张" in [one.text for one in queries.lines(letter)]


# --- the night --------------------------------------------------------------------------------------------------------
def test_VOICE_2_a_letter_that_nobody_takes_up_or_answers_climbs_by_itself(here, letter):
    days, terms = profile.active().working_days, profile.active().complaints.terms
    assert letter.due_on == days.add(AT.date(), terms.accept_days)
    rounds.night(at=at(letter.due_on))
    letter.refresh_from_db()
    assert letter.office_code == here.county.area.code
    rounds.night(at=at(letter.due_on + timedelta(days=1)))
    letter.refresh_from_db()
    assert (letter.office_code, letter.state) == (here.city.area.code, "received")
    handling.take_up(complaint=letter, by=here.city, at=at(letter.due_on))
    letter.refresh_from_db()
    assert days.between(at(letter.due_on).date() - timedelta(days=90), letter.due_on) > terms.answer_days
    rounds.night(at=at(letter.due_on + timedelta(days=1)))
    letter.refresh_from_db()
    assert letter.office_code == here.province.area.code
    rounds.night(at=at(letter.due_on + timedelta(days=1)))
    letter.refresh_from_db()
    assert letter.office_code == here.province.area.code  # nothing is above: it stands there, and says that it is late
    assert kinds(letter) == ["received", "reminded", "climbed", "examined", "climbed", "overdue"]


def test_VOICE_2_over_spring_festival_the_days_off_do_not_count(here):
    letter = send(village=here.land.first_village, at=at(date(2015, 2, 17)))
    assert letter.due_on == date(2015, 2, 27)  # 18 to 24 February are off: 25, 26, 27


def test_VOICE_2_the_night_run_twice_does_everything_once(here, letter):
    for _time in range(2):
        rounds.night(at=at(letter.remind_on))
    assert kinds(letter) == ["received", "reminded"]
    for _time in range(2):
        rounds.night(at=at(letter.due_on + timedelta(days=1)))
    assert kinds(letter) == ["received", "reminded", "climbed"]


def test_VOICE_3_silence_after_the_answer_closes_it_after_its_days_and_says_so(here, letter):
    answered(letter, here.county)
    letter.refresh_from_db()
    rounds.night(at=at(letter.due_on))
    letter.refresh_from_db()
    assert letter.state == "answered"
    rounds.night(at=at(letter.due_on + timedelta(days=1)))
    letter.refresh_from_db()
    assert (letter.state, kinds(letter)[-1]) == ("closed", "silent")


def test_VOICE_6_a_letter_that_nobody_here_may_read_any_more_goes_up_the_same_night(here, letter):
    for user in (here.county, here.second):
        officers.end(
            officer=access.Officer.objects.get(user=user), until=AT.date() - timedelta(days=1), by=here.admin, at=AT
        )
    rounds.night(at=AT)
    letter.refresh_from_db()
    assert (letter.office_code, kinds(letter)[-1]) == (here.city.area.code, "unread")


def test_VOICE_6_who_it_was_is_taken_out_for_good_so_long_after_the_end(here, letter):
    answered(letter, here.county)
    handling.confirm(complaint=letter, at=AT)
    rounds.night(at=AT + timedelta(days=300))
    letter.refresh_from_db()
    assert letter.identity
    rounds.night(at=AT + timedelta(days=400))
    letter.refresh_from_db()
    assert (letter.identity, kinds(letter)[-1]) == ("", "identity_gone")


DEEDS = st.lists(
    st.sampled_from(["take_up", "answer", "pass_up", "deny", "confirm", "add", "night", "late"]), max_size=12
)


@given(DEEDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_VOICE_3_whatever_happens_a_letter_only_climbs_and_ends_only_with_an_answer(here, deeds):
    letter, moment = send(village=here.land.first_village), AT
    readers = {
        here.county.area.code: here.county,
        here.city.area.code: here.city,
        here.province.area.code: here.province,
    }
    offices = [3]
    for deed in deeds:
        by = readers[letter.office_code]
        told = {"complaint": letter, "at": moment}
        try:
            match deed:
                case "take_up":
                    handling.take_up(by=by, **told)
                case "answer":
                    handling.answer(by=by, outcome="unfounded", text=ANSWER, **told)
                case "pass_up":
                    handling.pass_up(by=by, why="须上级查", **told)
                case "deny":
                    handling.deny(**told)
                case "confirm":
                    handling.confirm(**told)
                case "add":
                    handling.add(text="还有", **told)
                case _:
                    moment += timedelta(days=1 if deed == "night" else 120)
                    handling.night(complaint=letter, at=moment)
        except Refusal:
            pass
        letter.refresh_from_db()
        level = handling.level_of(letter.office_code)
        if level != offices[-1]:
            offices.append(level)
    assert climbs(offices)
    if letter.state == "closed":
        assert "answered" in kinds(letter)
    assert letter.steps.count() == len(set(letter.steps.values_list("place", flat=True)))


# --- who it is --------------------------------------------------------------------------------------------------------
WHY = "需要当面核对发放数量"


def test_VOICE_6_an_identity_is_opened_by_two_officers_to_these_two_for_a_day(here, letter):
    asked = openings.ask(complaint=letter, why=WHY, by=here.county, at=AT)
    with pytest.raises(Refusal) as raised:
        openings.answer(opening=asked, agree=True, by=here.county, at=AT)
    assert code(raised) == "four_eyes"
    with pytest.raises(Refusal):
        openings.look(opening=asked, by=here.county, at=AT)
    agreed = openings.answer(opening=asked, agree=True, by=here.second, at=AT)
    for officer in (here.county, here.second):
        assert openings.look(opening=agreed, by=officer, at=AT)["name"] == "王进财"
    with pytest.raises(Refusal) as raised:
        openings.look(opening=agreed, by=here.county, at=AT + timedelta(hours=25))
    assert code(raised) == "not_open"
    assert kinds(letter)[1:] == ["opening_asked", "opening_agreed", "identity_seen", "identity_seen"]
    shown = {one.step.kind: one.text for one in queries.lines(letter, follower=True)}
    assert shown["opening_agreed"] == WHY  # the complainant reads that it was opened, and why


def test_VOICE_6_a_third_officer_sees_nothing_and_a_refused_or_late_request_opens_nothing(here, letter):
    from shuanglian.accounts.tests.factories import UserFactory

    third = UserFactory(username="third-officer", role="programme_office", area=here.county.area)
    officers.name(user=third, since=AT.date(), by=here.admin, at=AT)
    asked = openings.ask(complaint=letter, why=WHY, by=here.county, at=AT)
    with pytest.raises(Refusal) as raised:
        openings.ask(complaint=letter, why=WHY, by=third, at=AT)
    assert code(raised) == "asked_already"
    openings.answer(opening=asked, agree=False, by=here.second, at=AT)
    with pytest.raises(Refusal):
        openings.look(opening=asked, by=here.county, at=AT)
    late = openings.ask(complaint=letter, why=WHY, by=here.county, at=AT)
    with pytest.raises(Refusal) as raised:
        openings.answer(opening=late, agree=True, by=here.second, at=AT + timedelta(days=8))
    assert code(raised) == "not_waiting"
    again = openings.ask(complaint=letter, why=WHY, by=here.county, at=AT + timedelta(days=8))
    openings.answer(opening=again, agree=True, by=here.second, at=AT + timedelta(days=8))
    with pytest.raises(Refusal):
        openings.look(opening=again, by=third, at=AT + timedelta(days=8))


def test_VOICE_6_what_went_up_stays_shut_to_the_two_officers_below(here, letter):
    asked = openings.ask(complaint=letter, why=WHY, by=here.county, at=AT)
    agreed = openings.answer(opening=asked, agree=True, by=here.second, at=AT)
    handling.pass_up(complaint=letter, why="涉及本级的人", by=here.county, at=AT)
    with pytest.raises(Refusal) as raised:
        openings.look(opening=agreed, by=here.county, at=AT)
    assert code(raised) == "not_yours"


def test_VOICE_6_where_nobody_gave_a_name_there_is_nothing_to_open(here):
    with pytest.raises(Refusal) as raised:
        openings.ask(complaint=send(village=here.land.first_village), why=WHY, by=here.county, at=AT)
    assert code(raised) == "nobody_named"
    assert not Opening.objects.exists()


# --- officers, mornings -----------------------------------------------------------------------------------------------
def test_VOICE_6_officers_are_named_by_the_office_above_or_the_administrator_never_by_themselves(here):
    from shuanglian.accounts.tests.factories import UserFactory

    fresh = UserFactory(username="fresh", role="programme_office", area=here.county.area)
    for person in (here.county, here.land.township, here.land.leader, fresh):
        with pytest.raises(Refusal) as raised:
            officers.name(user=fresh, since=AT.date(), by=person, at=AT)
        assert code(raised) == "not_yours_to_name"
    made = officers.name(user=fresh, since=AT.date(), by=here.city, at=AT)
    assert officers.name(user=fresh, since=AT.date(), by=here.admin, at=AT) == made
    for strange in (here.land.cadre, here.land.leader):
        with pytest.raises(Refusal):
            officers.name(user=strange, since=AT.date(), by=here.admin, at=AT)
    with pytest.raises(Refusal):
        officers.name(user=here.land.township, since=AT.date(), by=here.admin, at=AT)


def test_VOICE_6_the_morning_message_is_the_same_whether_anything_came_or_not(here):
    Message.objects.all().delete()
    first, second = at(date(2015, 7, 9)), at(date(2015, 7, 10))
    assert rounds.morning(at=first) == 5
    send(village=here.land.first_village, at=at(date(2015, 7, 9), 5))
    assert rounds.morning(at=second) == 5
    assert rounds.morning(at=second) == 5 and Message.objects.count() == 10  # once a day, however often it is asked for

    def told(on):
        rows = Message.objects.filter(at=on).order_by("to")
        return list(rows.values_list("to", "template", "params", "about", "link", "area_code", "channel", "by"))

    assert told(first) == told(second)


def test_VOICE_6_no_message_on_days_off_or_before_the_hour(here):
    Message.objects.all().delete()
    for moment in (at(date(2015, 7, 11)), at(date(2015, 2, 19)), at(date(2015, 7, 9)).replace(hour=23)):
        assert rounds.morning(at=moment) == 0


# --- figures ----------------------------------------------------------------------------------------------------------
def test_VOICE_6_public_figures_leave_out_the_running_year_small_numbers_and_every_sum(here):
    county = here.county.area
    for _one in range(5):
        send(village=here.land.first_village)
    send(village=here.land.first_village, offices=["county"])
    told = queries.figures(county, date(2017, 3, 1))
    assert told == {2015: 5, 2016: None}
    assert queries.figures(county.parent, date(2017, 3, 1)) == {2015: None, 2016: None}
    assert queries.figures(county, date(2015, 12, 31)) == {}
    assert queries.figures(here.land.first_village, date(2017, 3, 1)) == {}
    handling.pass_up(
        complaint=Complaint.objects.filter(office_code=county.code)[0], why="须上级查", by=here.county, at=AT
    )
    assert queries.figures(county, date(2017, 3, 1)) == told  # climbing moves no figure


def test_every_step_has_its_name_in_the_book():
    assert set(Step.Kind) >= set(queries.SHOWN)
