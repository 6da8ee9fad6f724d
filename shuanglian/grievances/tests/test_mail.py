"""Letters by e-mail: as programmes make them, kept once, on the road they belong to, written back to (VOICE-1, VOICE-6)."""

import base64
import logging
import mailbox as boxes
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.attachments.models import Attachment
from shuanglian.complaints.models import Complaint
from shuanglian.complaints.numbers import number_of as letter_number
from shuanglian.fieldwork.tests.factories import Land, land
from shuanglian.grievances import fetching, inbox, mail_reading, numbers
from shuanglian.grievances.actions import mail, writing_back
from shuanglian.grievances.commands import demands as command
from shuanglian.grievances.mail_places import village_in
from shuanglian.grievances.models import Demand, Mail, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.tests import sinks
from shuanglian.trail.models import Entry

from .factories import AT
from .letters import letter, mailbox, picture

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")]
SAFE = "村干部截留了我家的补助"


@pytest.fixture
def place() -> Land:
    return land(households=3)


@pytest.fixture
def way(settings):
    """The way to mailboxes, as far as a gateway on the loopback."""
    with sinks.http() as sink:
        settings.NOTIFY_GATEWAYS = {"email": f"json://127.0.0.1:{sink.port}/to/?:to={{address}}"}
        yield sink


def village_of(place):
    return place.first_village.name.replace("民委员会", "")


def came(message, **given):
    return mail.receive(message, **{"at": AT, **given})


# --- which village ------------------------------------------------------------------------------------------------------
def test_VOICE_1_the_village_that_is_named_is_found_and_nothing_is_guessed(place):
    county, village = place.office.area, place.first_village
    name = village_of(place)
    assert village_in(f"我是{name}的，水管坏了", county) == village
    assert village_in(f"{village.parent.name}{name}三社", county) == village
    assert village_in("水管坏了，没有水", county) is None
    other = next(home.village for home in place.homes if home.village_id != village.pk)
    both = f"{name}和{other.name.replace('民委员会', '')}中间的路"
    assert village_in(both, county) is None


# --- reading ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gb2312", "gbk", "big5hkscs"])
def test_letters_in_every_charset_that_is_met_are_read(charset):
    found = mail_reading.read(letter("水管坏了半个月", subject="吃水", charset=charset))
    assert (found.text, found.subject, found.name, found.sender, found.on) == (
        "水管坏了半个月", "吃水", "张三", "zhang@example.cn", date(2015, 7, 8),
    )  # fmt: skip


RAW = "From: =?GB2312?B?{name}?= <a@b.cn>\r\nSubject: {subject}\r\nMessage-ID: <r@b>\r\n{more}\r\n"


def raw(body: bytes, *, subject: bytes = b"x", more: str = "") -> object:
    name = base64.b64encode("王五".encode("gb2312")).decode()
    head = RAW.format(name=name, subject="@@", more=more).encode().replace(b"@@", subject)
    return message_from_bytes(head + body)


@pytest.mark.parametrize(
    ("more", "body", "wanted"),
    [
        ("Content-Type: text/plain; charset=gb2312\r\n", "镕基路塌了".encode("gb18030"), "镕基路塌了"),  # beyond what it says
        ("Content-Type: text/plain; charset=utf-8\r\n", "路塌了".encode("gb18030"), "路塌了"),  # says one, is the other
        ("Content-Type: text/plain\r\n", "路塌了".encode(), "路塌了"),
        ("Content-Type: text/plain; charset=iso-8859-1\r\n", "路塌了".encode("gb18030"), "路塌了"),
        ("Content-Type: text/plain; charset=x-unknown-99\r\n", "路塌了".encode(), "路塌了"),
        ("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
         base64.b64encode("路塌了".encode()), "路塌了"),
        ("Content-Type: multipart/mixed\r\n", "路塌了".encode(), "路塌了"),
        ("", b"", ""),
    ],
)  # fmt: skip
def test_what_a_letter_says_of_itself_may_be_wrong(more, body, wanted):
    found = mail_reading.read(raw(body, subject="修路".encode("gb18030"), more=more))
    assert (found.text, found.subject, found.name) == (wanted, "修路", "王五")


@pytest.mark.parametrize(
    "tail",
    [
        "\n> 您好\n> 请问", "\n在 2015年7月1日，办公室 <a@b.cn> 写道：\n您好", "\nOn Wed, Jul 1, 2015 at 9:00, Office <a@b.cn> wrote:\nHello",
        "\n------------------ 原始邮件 ------------------\n发件人: 办公室", "\n-----Original Message-----\nFrom: x", "\n-- \n张三\n电话 1",
        "\n发自我的iPhone", "\n发件人：办公室 <a@b.cn>\n发送时间：昨天",
    ],
)  # fmt: skip
def test_quotations_and_signatures_are_cut(tail):
    assert mail_reading.own_words(f"水管还没有修{tail}") == "水管还没有修"


def test_a_letter_that_is_nothing_but_a_quotation_is_taken_whole():
    assert "水管坏了" in mail_reading.own_words("-----Original Message-----\nFrom: x\n水管坏了")


def test_html_becomes_text_without_scripts_styles_and_quotation():
    page = "<html><head><title>t</title><style>p{}</style></head><body><p>水管&nbsp;坏了</p><script>alert(1)</script><div>没有水<br>三天了</div><blockquote>旧信</blockquote></body></html>"
    assert mail_reading.text_of(page) == "水管 坏了\n\n没有水\n三天了"
    assert mail_reading.text_of("<blockquote>只有引用</blockquote>") == "只有引用"


def nested() -> EmailMessage:
    """A letter in a letter: two forms of the text, a picture inside, a programme, an attached letter with a picture."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "李四 <l@b.cn>", "转"
    inner.set_content("里面的信：渠塌了")
    inner.add_attachment(picture(), maintype="image", subtype="png", filename="渠.png")
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "zhang@b.cn", "水渠", "<n@b>"
    made.set_content("外面的信：请看")
    made.add_alternative("<p>外面的信（网页）</p>", subtype="html")
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="看.exe")
    made.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    made.add_attachment(inner)
    return message_from_bytes(made.as_bytes())


def test_letters_in_letters_give_their_words_and_files():
    found = mail_reading.read(nested())
    assert found.text == "外面的信：请看\n\n里面的信：渠塌了"
    assert [one.name for one in found.files] == ["看.exe", "winmail.dat", "渠.png"]


def test_a_letter_nested_without_end_is_read_as_far_as_it_goes():
    part = MIMEPart()
    part.set_content("最里面")
    for _depth in range(40):
        outer = EmailMessage()
        outer["From"] = "a@b.cn"
        outer.make_mixed()
        outer.attach(part)
        part = outer
    assert mail_reading.read(message_from_bytes(part.as_bytes())).unread == ["…"]


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_break_the_reading(data):
    for head in (b"", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"Subject: =?utf-8?b?", b"From: "):
        found = mail_reading.read(message_from_bytes(head + data))
        assert isinstance(found.words, str) and found.key


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"), ({"Precedence": "auto_reply"}, "automatic"), ({"X_Autoreply": "yes"}, "automatic"),
        ({"Return_Path": "<>"}, "bounce"), ({"sender": "MAILER-DAEMON@b.cn"}, "bounce"), ({"sender": "inbox@county.example"}, "own"),
        ({"Auto_Submitted": "no"}, ""), ({"Precedence": "bulk"}, ""), ({}, ""),
    ],
)  # fmt: skip
def test_automatic_answers_bounces_and_our_own_letters_are_nobodys(headers, why):
    assert mail_reading.read(letter("水管坏了", **headers), "inbox@county.example").ignored == why


@pytest.mark.parametrize(
    "headers", [{"Precedence": "bulk"}, {"List_Id": "<l>"}, {"sender": "no-reply@b.cn"}, {"sender": "x"}]
)
def test_machines_are_heard_and_not_written_back_to(headers):
    found = mail_reading.read(letter("水管坏了", **headers))
    assert not found.ignored and not found.answerable


# --- taking in ----------------------------------------------------------------------------------------------------------
def test_VOICE_1_a_letter_that_names_its_village_becomes_a_demand_with_its_files(place, way):
    received = came(
        letter("水管坏了半个月，没水吃", subject=f"{village_of(place)}吃水", files=[("a.png", "image/png", picture())])
    )
    demand = Demand.objects.get()
    assert (demand.door, demand.village, demand.category, demand.name, demand.on) == (
        "mail", place.first_village, "water", "张三", date(2015, 7, 8),
    )  # fmt: skip
    assert demand.text == f"{village_of(place)}吃水\n水管坏了半个月，没水吃" and demand.state == "open"
    assert Attachment.objects.filter(about=f"grievances.demand:{demand.pk}").count() == 1
    assert (received.what, received.number) == ("taken", numbers.number_of(demand.key))
    row = Mail.objects.get()
    assert (row.sender, row.text, row.demand, row.told) == ("zhang@example.cn", "", demand, "waiting")
    with connection.cursor() as cursor:
        cursor.execute("select sender || name from grievances_mail")
        assert "zhang" not in cursor.fetchone()[0]


def test_VOICE_1_the_same_letter_again_is_known_and_nothing_is_sent_twice(place, way):
    for wanted in ("taken", "known", "known"):
        received = came(letter(f"{village_of(place)}的水管坏了"))
        assert received.what == wanted
        writing_back.write_back(received)
    (sent,) = way.what
    number = numbers.number_of(Demand.objects.get().key)
    assert (sent["to"], number in sent["title"], number in sent["message"]) == ("zhang@example.cn", True, True)
    assert Mail.objects.get().told == "sent"


def test_files_that_cannot_be_kept_are_named_and_the_letter_is_kept_all_the_same(place):
    files = [("病毒.exe", "application/octet-stream", b"MZ"), ("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22"),
             ("大.jpg", "image/jpeg", b"\xff\xd8" + b"0" * (11 * 1024 * 1024)), ("好.png", "image/png", picture())]  # fmt: skip
    came(letter(f"{village_of(place)}的路塌了", files=files))
    demand = Demand.objects.get()
    notes = list(demand.steps.filter(kind=Step.Kind.NOTED).values_list("text", flat=True))
    assert [any(name in note for note in notes) for name in ("病毒.exe", "winmail.dat", "大.jpg", "好.png")] == [
        True
    ] * 3 + [False]
    assert Attachment.objects.count() == 1


def test_a_letter_of_thirty_megabytes_is_kept_with_its_words(place):
    came(letter(f"{village_of(place)}的桥塌了", files=[("a.zip", "application/zip", b"\0" * (30 * 1024 * 1024))]))
    assert Demand.objects.get().category == "road" and "a.zip" in Step.objects.get(kind=Step.Kind.NOTED).text


def test_a_long_letter_is_kept_to_its_last_word(place):
    text = (
        f"{village_of(place)}的水管坏了。" + "\n".join(f"第{n}件事情要说清楚说明白" for n in range(300)) + "\n最后一句"
    )
    came(letter(text))
    demand = Demand.objects.get()
    more = list(demand.steps.filter(kind=Step.Kind.ADDED).values_list("text", flat=True))
    assert more[-1].endswith("最后一句") and "".join([demand.text, *more]).replace("\n", "") == text.replace("\n", "")


@given(st.text(alphabet="水管坏 \n", max_size=5_000), st.integers(10, 1_000))
def test_pieces_lose_nothing_but_blanks(text, longest):
    told = text.strip()
    found = mail.pieces(told, longest)
    if len(told) <= longest * 5:
        assert all(len(one) <= longest for one in found)
        assert "".join("".join(found).split()) == "".join(told.split())


@pytest.mark.parametrize(
    "message", [letter("水管坏了没人管"), letter(""), letter("", files=[("a.png", "image/png", picture())])]
)
def test_VOICE_1_what_names_no_village_or_says_nothing_waits_for_a_clerk(place, message):
    assert came(message).what == "waiting" and came(message).what == "known"
    assert not Demand.objects.exists() and Mail.objects.get().state == "waiting"


# --- the safe road ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("named", [True, False])
def test_VOICE_6_a_letter_of_the_safe_road_leaves_nothing_here(place, way, named):
    before = Entry.objects.count()
    told = f"{village_of(place)}的{SAFE}" if named else SAFE
    received = came(letter(told, files=[("a.png", "image/png", picture()), ("b.exe", "application/x", b"MZ")]))
    assert (Complaint.objects.count(), Demand.objects.count(), Mail.objects.count(), Attachment.objects.count()) == (
        1,
        0,
        0,
        0,
    )
    assert Entry.objects.count() == before and received.number == letter_number(Complaint.objects.get().key)
    writing_back.write_back(received)
    assert received.number in way.what[0]["title"] and came(letter(told)).what == "known"


def test_VOICE_6_a_safe_word_deep_in_a_long_letter_sends_all_of_it_the_safe_way(place):
    came(letter(f"{village_of(place)}的事。" + "说来话长，一件一件说。" * 200 + SAFE))
    assert Complaint.objects.count() == 1 and not Demand.objects.exists() and not Step.objects.exists()


# --- a clerk sorts ------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(place):
    came(letter("水管坏了没人管", files=[("a.png", "image/png", picture()), ("b.exe", "application/x", b"MZ")]))
    return Mail.objects.get()


def sent(client, row, **given):
    return client.post(f"/grievances/mail/{row.pk}/", {"who": "", "who_text": "", "category": "", "urgent": "", "why": "",
                                                       **given})  # fmt: skip


def test_VOICE_1_a_clerk_says_where_it_belongs_and_it_is_a_demand_with_its_files(client, place, waiting):
    client.force_login(place.office)
    assert "水管坏了没人管" in client.get("/grievances/mail/").content.decode()
    page = client.get(f"/grievances/mail/{waiting.pk}/").content.decode()
    assert (
        "b.exe" in page and client.get(f"/grievances/mail/{waiting.pk}/file/0/").headers["Content-Type"] == "image/jpeg"
    )
    assert client.get(f"/grievances/mail/{waiting.pk}/file/9/").status_code == 404
    assert sent(client, waiting).status_code == 422
    done = sent(client, waiting, who_text=place.homes[0].number)
    demand = Demand.objects.get()
    assert numbers.number_of(demand.key) in done.content.decode() and demand.household == place.homes[0]
    assert (demand.category, demand.door, demand.by, demand.name) == ("water", "mail", place.office, "张三")
    assert Attachment.objects.filter(about=f"grievances.demand:{demand.pk}").count() == 1
    assert "b.exe" in demand.steps.get(kind=Step.Kind.NOTED).text
    row = Mail.objects.get()
    assert (row.state, row.text, row.files, row.demand) == ("taken", "", "", demand)
    assert sent(client, waiting, who_text=place.homes[0].number).status_code == 302 and Demand.objects.count() == 1


def test_VOICE_6_what_a_clerk_finds_to_be_of_the_safe_road_leaves_nothing_here(client, place, waiting):
    client.force_login(place.office)
    before = Entry.objects.count()
    page = sent(client, waiting, who_text=place.homes[0].number, category="conduct")
    assert letter_number(waiting.pk) in page.content.decode()
    assert (Complaint.objects.count(), Demand.objects.count(), Mail.objects.count(), Attachment.objects.count()) == (
        1,
        0,
        0,
        0,
    )
    assert Entry.objects.count() == before


def test_VOICE_1_what_is_no_demand_is_set_aside_with_a_reason_and_stays(client, place, waiting):
    client.force_login(place.office)
    assert sent(client, waiting, why="广告邮件").status_code == 200
    row = Mail.objects.get()
    assert (row.state, row.why, row.by, row.text) == ("dropped", "广告邮件", place.office, "水管坏了没人管")
    assert came(letter("水管坏了没人管")).what == "known"


def test_the_countys_letters_are_for_the_county_only(client, place, waiting):
    for user in (place.township, place.village, place.cadre):
        client.force_login(user)
        assert client.get(f"/grievances/mail/{waiting.pk}/").status_code == 404, user
        assert "水管" not in client.get("/grievances/mail/").content.decode()


# --- writing back -------------------------------------------------------------------------------------------------------
def test_a_send_that_fails_is_no_condition_is_seen_and_tried_again(place, settings, way):
    told, settings.NOTIFY_GATEWAYS = settings.NOTIFY_GATEWAYS, {"email": ""}
    received = came(letter(f"{village_of(place)}的水管坏了"))
    assert not writing_back.write_back(received) and Mail.objects.get().told == "waiting"  # no way to mailboxes
    settings.NOTIFY_GATEWAYS, way.broken = told, True
    assert writing_back.again(at=AT.replace(year=2016)) == 0 and Mail.objects.get().told == "failed"
    way.broken = False
    assert writing_back.again(at=AT.replace(year=2016)) == 1 and Mail.objects.get().told == "sent"
    assert writing_back.again(at=AT.replace(year=2016)) == 0


def test_an_address_that_never_stops_is_not_written_back_to_for_ever(place, way):
    for n in range(mail.A_DAY + 3):
        writing_back.write_back(came(letter(f"{village_of(place)}的水管坏了第{n}次", mark=f"<{n}@x>")))
    assert Demand.objects.count() == mail.A_DAY + 3
    assert Mail.objects.filter(told="sent").count() == mail.A_DAY == len(way.what)


def test_whoever_writes_english_is_written_back_to_in_english(place, way):
    received = came(letter(f"no water in {place.first_village.name}"))
    assert received.language == "zh"
    assert mail.language_of("the road is broken") == "en"


# --- mailbox, files, command --------------------------------------------------------------------------------------------
def test_VOICE_1_unread_letters_are_fetched_once_and_marked_as_read(place, settings, caplog):
    letters = [letter(f"{village_of(place)}的水管坏了", mark="<a@x>"), letter("不知道哪个村", mark="<b@x>"),
               letter("在休假", mark="<c@x>", Auto_Submitted="auto-replied")]  # fmt: skip
    with mailbox(letters) as server, caplog.at_level(logging.DEBUG):
        settings.INBOX = f"imap://{quote(server.user)}:{quote(server.password, safe='')}@127.0.0.1:{server.port}/INBOX"
        found = fetching.from_inbox(at=AT)
        assert dict(found) == {"taken": 1, "waiting": 1, "ignored": 1} and server.seen == {1, 2, 3}
        assert not server.deleted and not fetching.from_inbox(at=AT)
        server.seen.clear()
        settings.INBOX += "?delete=1"
        assert dict(fetching.from_inbox(at=AT)) == {"known": 2, "ignored": 1} and server.deleted == {1, 2, 3}
    assert server.password not in caplog.text and "zhang@example.cn" not in caplog.text
    assert Demand.objects.count() == 1


def test_a_wrong_password_is_refused_without_being_told(place, settings, caplog):
    with mailbox([]) as server:
        settings.INBOX = f"imap://{quote(server.user)}:wrong-secret@127.0.0.1:{server.port}/INBOX"
        with pytest.raises(Refusal) as refused:
            fetching.from_inbox(at=AT)
    assert refused.value.code == "inbox_shut" and "wrong-secret" not in f"{refused.value} {caplog.text}"
    assert "wrong-secret" not in repr(inbox.configured())


@pytest.mark.parametrize(
    "told", ["inbox", "imaps://host/INBOX", "pop3://a:b@host", "imaps://a:b@host:x/", "imaps://a@host/"]
)
def test_a_mailbox_that_nobody_can_read_is_refused(settings, told):
    settings.INBOX = told
    with pytest.raises(Refusal, match="bad_inbox"):
        inbox.configured()


def test_without_a_mailbox_nothing_is_done(settings):
    settings.INBOX = ""
    assert inbox.configured() is None and not fetching.from_inbox(at=AT)


def test_VOICE_1_files_and_folders_come_in_by_the_command_line(place, tmp_path):
    (tmp_path / "one.eml").write_bytes(letter(f"{village_of(place)}的水管坏了", mark="<1@f>").as_bytes())
    folder = boxes.Maildir(tmp_path / "box", create=True)
    folder.add(letter(f"{village_of(place)}的路塌了", mark="<2@f>").as_bytes())
    folder.add(letter(f"{village_of(place)}的水管坏了", mark="<1@f>").as_bytes())
    done = CliRunner().invoke(command, ["mail", str(tmp_path / "one.eml"), str(tmp_path / "box"), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    assert "来信 3 封" in done.output and "已登记 2" in done.output and Demand.objects.count() == 2
    assert CliRunner().invoke(command, ["mail", str(tmp_path / "none.eml")]).exit_code == 2
