"""One service that tells people: never at night, by the way each chose, retried, visible, never a condition."""

import email
import io
import logging
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.middleware import as_person
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications import queries, quiet, templates
from shuanglian.notifications.actions import choices, messages
from shuanglian.notifications.models import Choice, Message

from . import sinks

# the adapter looks for a module that Python is about to drop
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")]
NOON = datetime(2015, 7, 8, 4, tzinfo=UTC)  # noon there
NIGHT = datetime(2015, 7, 8, 15, tzinfo=UTC)  # eleven at night there
MORNING = datetime(2015, 7, 9, 0, tzinfo=UTC)  # eight the next morning
templates.register(templates.Template("tests.told", _("任务提醒"), _("{what}提醒"), _("请在 {until} 前完成 {what}")))
TOLD = {"what": {"zh": "走访", "en": "visits"}, "until": "2015-07-31"}
NUMBER = "13912345678"


@pytest.fixture
def place():
    return gansu()


@pytest.fixture
def cadre(place):
    return UserFactory(username="told", role="cadre", area=place.county)


@pytest.fixture
def gateway(settings):
    with sinks.http() as sink:
        settings.NOTIFY_GATEWAYS = {
            "email": "",
            "chat": "",
            "sms": f"json://127.0.0.1:{sink.port}/send/?:to={{address}}",
        }
        yield sink


@pytest.fixture
def console():
    """Everything, down to the least, that would stand on the console."""

    @contextmanager
    def listening():
        shown, root = io.StringIO(), logging.getLogger()
        handler, level = logging.StreamHandler(shown), root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        yield shown
        root.setLevel(level)
        root.removeHandler(handler)

    return listening()


def tell(to, at=NOON, **given):
    return messages.send(**{"to": to, "template": "tests.told", "params": TOLD, "by": None, "at": at, **given})


def by_sms(user, language=""):
    return choices.choose(channel="sms", address=NUMBER, language=language, by=user, at=NOON)


def test_without_any_gateway_a_message_stands_on_ones_own_page(cadre, settings):
    settings.NOTIFY_GATEWAYS = {}
    made = tell(cadre)
    assert (made.state, made.channel, made.sent_at) == ("sent", "page", NOON)
    client = Client()
    client.force_login(cadre)
    page = client.get(reverse("notifications:inbox")).content.decode()
    assert "走访提醒" in page and "请在 2015-07-31 前完成 走访" in page and "未读" in page
    client.post(reverse("notifications:read"))
    assert queries.unread(cadre) == 0


def test_a_message_goes_by_the_way_that_the_person_chose_in_their_language(cadre, gateway):
    by_sms(cadre, "zh-hans")
    made = tell(cadre)
    assert (made.state, made.address) == ("waiting", "139****5678")
    assert messages.deliver_due(at=NOON) == (1, 0)
    (came,) = gateway.what
    assert (came["to"], came["title"], came["message"]) == (NUMBER, "走访提醒", "请在 2015-07-31 前完成 走访")
    made.refresh_from_db()
    assert (made.state, made.sent_at, made.tries) == ("sent", NOON, 1)
    assert messages.deliver_due(at=NOON) == (0, 0) and len(gateway.what) == 1


def test_mail_goes_through_a_mail_server(cadre, settings):
    with sinks.smtp() as sink:
        settings.NOTIFY_GATEWAYS = {
            "email": f"mailto://127.0.0.1:{sink.port}?from=office@example.org&to={{address}}&format=text"
        }
        choices.choose(channel="email", address="wang@example.org", by=cadre, at=NOON)
        assert tell(cadre).address == "w***@example.org"
        assert messages.deliver_due(at=NOON) == (1, 0)
    (came,) = sink.what
    read = email.message_from_bytes(came["data"], policy=default)
    assert came["to"] == ["wang@example.org"] and read["Subject"] == "走访提醒"
    assert "请在 2015-07-31 前完成 走访" in read.get_body().get_content()


def test_FIELD_6_nothing_is_sent_at_night_and_all_of_it_in_the_morning(cadre, gateway):
    by_sms(cadre)
    made = tell(cadre, at=NIGHT)
    assert made.not_before == MORNING
    for minutes in range(0, 9 * 60, 20):
        assert messages.deliver_due(at=NIGHT + timedelta(minutes=minutes)) == (0, 0)
    assert gateway.what == []
    assert messages.deliver_due(at=MORNING) == (1, 0)


def test_what_was_due_by_day_and_not_reached_does_not_go_out_at_night(cadre, gateway):
    by_sms(cadre)
    tell(cadre)
    assert messages.deliver_due(at=NIGHT) == (0, 0) and gateway.what == []


@pytest.mark.parametrize("hour", range(24))
def test_the_soonest_moment_is_by_day_and_never_before_the_asked_one(hour):
    at = datetime(2015, 7, 8, hour, 30, tzinfo=UTC)
    soonest = quiet.soonest(at)
    assert not quiet.is_quiet(soonest) and at <= soonest <= at + timedelta(hours=24)
    assert soonest == at or quiet.is_quiet(at)


def test_a_failing_gateway_is_tried_again_later_each_time_longer_and_is_seen(cadre, gateway, place, console):
    by_sms(cadre)
    gateway.broken, at, waits = True, NOON, []
    made = tell(cadre)
    with console as shown:
        while made.state != "given_up":
            assert messages.deliver_due(at=at) == (0, 1)
            made.refresh_from_db()
            assert not quiet.is_quiet(made.not_before)
            waits.append(made.not_before - at)
            at = made.not_before
    assert made.tries == 6 and made.error and NUMBER not in made.error
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120)]
    assert "139****5678" in shown.getvalue() and NUMBER not in shown.getvalue()
    office = Client()
    office.force_login(UserFactory(role="programme_office", area=place.county))
    page = office.get(reverse("notifications:failures")).content.decode()
    assert "139****5678" in page and NUMBER not in page and "任务提醒" in page and "2015-07-31" not in page
    gateway.broken = False
    office.post(reverse("notifications:retry", args=[made.pk]))
    made.refresh_from_db()
    assert messages.deliver_due(at=made.not_before if not quiet.is_quiet(made.not_before) else MORNING) == (1, 0)


def test_a_gateway_that_is_not_there_fails_in_words(cadre, settings):
    settings.NOTIFY_GATEWAYS = {"sms": "json://127.0.0.1:9/?:to={address}"}
    by_sms(cadre)
    made = tell(cadre)
    assert messages.deliver_due(at=NOON) == (0, 1)
    made.refresh_from_db()
    assert made.state == "failed" and made.error and NUMBER not in made.error


def test_a_message_that_cannot_be_kept_leaves_the_caller_as_it_was(cadre):
    class Odd:
        pass

    cadre.full_name = "新名"
    cadre.save()
    assert tell(cadre, params={"what": Odd()}) is None  # no JSON
    assert tell(cadre, link="x" * 500) is None  # longer than its column
    cadre.refresh_from_db()
    assert cadre.full_name == "新名"
    assert tell(cadre) is not None


def test_an_unknown_template_and_a_missing_gap_do_not_keep_a_message_back(cadre):
    assert templates.told("nobody.knows", {}) == ("nobody.knows", "")
    assert "[until]" in templates.told("tests.told", {"what": "x"})[1]


def test_the_same_message_is_told_once(cadre):
    first = tell(cadre, once="a")
    assert tell(cadre, once="a").pk == first.pk and tell(cadre, once="b").pk != first.pk
    assert Message.objects.count() == 2


def test_two_senders_do_not_send_one_message_twice(cadre, gateway):
    by_sms(cadre)
    made = tell(cadre)
    assert messages._take(made.pk, NOON) is not None
    assert messages._take(made.pk, NOON) is None  # another took it
    assert messages.deliver_due(at=NOON) == (0, 0)
    assert messages.deliver_due(at=NOON + messages.HELD) == (1, 0)  # the first one died over it


def test_who_changes_their_mind_before_it_goes_out_has_it_on_the_page_only(cadre, gateway):
    by_sms(cadre)
    made = tell(cadre)
    choices.choose(channel="sms", address=NUMBER, off=True, by=cadre, at=NOON)
    messages.deliver_due(at=NOON)
    made.refresh_from_db()
    assert gateway.what == [] and (made.state, made.channel, made.address) == ("sent", "page", "")


def test_an_address_is_kept_sealed_and_shown_masked(cadre, gateway):
    by_sms(cadre)
    with connection.cursor() as cursor:
        cursor.execute("select address from notifications_choice")
        assert NUMBER not in cursor.fetchone()[0]
    assert Choice.objects.get().address == NUMBER
    client = Client()
    client.force_login(cadre)
    page = client.get(reverse("notifications:choices")).content.decode()
    assert "139****5678" in page and NUMBER not in page
    client.post(reverse("notifications:choices"), {"channel": "sms", "address": "", "language": "en"})
    assert (Choice.objects.get().address, Choice.objects.get().language) == (NUMBER, "en")  # left empty, it stays


@pytest.mark.parametrize(("channel", "address"), [
    ("sms", "139; drop"), ("sms", ""), ("sms", "a@b.cn"), ("email", "wang@example.org"), ("pigeon", "x"),
])  # fmt: skip
def test_an_address_that_cannot_be_one_or_a_way_that_is_not_open_is_refused(cadre, gateway, channel, address):
    with pytest.raises(Refusal):
        choices.choose(channel=channel, address=address, by=cadre, at=NOON)
    assert not Choice.objects.exists()


def test_a_township_can_tell_somebody_of_the_county_and_reads_nobody_elses(place, cadre):
    township = UserFactory(role="programme_office", area=place.township)
    with as_person(township):
        made = tell(cadre, by=township)
        assert made is not None
        assert not Message.objects.filter(pk=made.pk).exists()  # it is not in its area
    other = UserFactory(role="cadre", area=place.county)
    client = Client()
    client.force_login(other)
    assert client.get(reverse("notifications:follow", args=[made.pk])).status_code == 404
    assert client.get(reverse("notifications:failures")).status_code == 403
    assert "走访提醒" not in client.get(reverse("notifications:inbox")).content.decode()


def test_what_is_undone_is_not_told(cadre):
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(cadre)
        _nothing = 1 / 0
    assert not Message.objects.exists()


@pytest.mark.parametrize("many", [1, 8])
def test_the_inbox_asks_the_database_the_same_number_of_times(cadre, many, django_assert_max_num_queries):
    for _number in range(many):
        tell(cadre)
    client = Client()
    client.force_login(cadre)
    with django_assert_max_num_queries(16):
        assert client.get(reverse("notifications:inbox")).status_code == 200


def test_without_any_gateway_no_address_is_asked_for(client, settings):
    settings.NOTIFY_GATEWAYS = {}
    user = UserFactory()
    client.force_login(user)
    page = client.get("/notifications/choices/").content.decode()
    assert 'name="address"' not in page and 'name="off"' not in page
    saved = client.post(
        "/notifications/choices/", {"channel": "page", "language": "en", "address": "不是地址"}, follow=True
    )
    assert "已保存" in saved.content.decode() or "Saved" in saved.content.decode()
    kept = Choice.objects.get(user=user)
    assert (kept.channel, kept.language, kept.address) == ("page", "en", "")
