"""Every page that takes a photo or a scan, attacked with every hostile file: a sentence, nothing kept, nothing lost.

A page that takes files stands in DOORS; `test_every_page_that_takes_files_is_attacked` fails while one does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import shuanglian
from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.attachments.models import Attachment
from shuanglian.core import clock
from shuanglian.fieldwork.tests import factories as fieldwork
from shuanglian.grievances.models import Answer
from shuanglian.grievances.tests import factories as grievances
from shuanglian.lookback.models import Visit
from shuanglian.lookback.tests import factories as lookback
from shuanglian.notices.models import Objection
from shuanglian.notices.tests.conftest import post
from shuanglian.plans.models import Agreement, VillageAct
from shuanglian.plans.tests.factories import Village, written
from shuanglian.plans.tests.villages import Town
from shuanglian.procedures.actions import prints
from shuanglian.procedures.models import Evaluation, FormPrint
from shuanglian.procedures.tests.conftest import effects, world  # noqa: F401 - fixtures
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

from .hostile import PDF, WEIRD, Hostile, hostile, odd_exif, photo, too_large

let_tests_empty_the_trail()
pytestmark = pytest.mark.django_db
PACKAGE = Path(shuanglian.__file__).parent
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = "老人的话说了一半"  # typed into the form before it failed


@dataclass
class DoorWay:
    """A page that takes a file: who sends, where to, what else the form says, and where the file is seen again."""

    by: User | None
    address: str
    takes: str  # the field of the file
    says: dict[str, Any]
    kept: Callable[[], int]
    seen: Callable[[], str]  # address of the file that was kept
    photos_only: bool = False
    stays: str = WORDS  # what must still be on the page after a refusal
    reader: User | None = None  # who sees the file, where it is not the sender
    files: dict[str, bytes] = field(default_factory=dict)  # other files that the form wants
    sent: int = 0

    def send(self, file: Hostile | None, *, language: str = "zh-hans", **more: Any) -> Any:
        client = self.client(self.by, language)
        sent = {name: SimpleUploadedFile(f"{name}.jpg", data) for name, data in self.files.items()} | self.says | more
        if file is not None:
            sent[self.takes] = SimpleUploadedFile("x", file.data)
            sent[self.takes]._name = file.name  # as a program would write it, past Django's own care
        self.sent += 1  # from another place each time: how often a stranger may send is tested elsewhere
        return client.post(self.address, sent, REMOTE_ADDR=f"10.1.0.{self.sent}")

    def client(self, user: User | None, language: str = "zh-hans") -> Client:
        client = Client()
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            client.force_login(user, backend=BACKEND)
        client.cookies["language"] = language
        return client


def newest() -> Attachment:
    return Attachment.objects.latest("pk")


def objecting(request: Any) -> DoorWay:
    place = gansu()
    office = UserFactory(username="township", role="programme_office", area=place.township)
    up = post(place.villages[1], at=clock.now(), opens_on=clock.today())
    return DoorWay(
        None, reverse("board:object", args=[up.code]), "photos",
        {"form_key": str(uuid4()), "text": WORDS, "row": "", "name": "", "phone": "", "website": ""},
        Objection.objects.count, lambda: reverse("notices:photo", args=[Objection.objects.get().pk, newest().pk]),
        photos_only=True, reader=office,
    )  # fmt: skip


def at_world(request: Any) -> Any:
    here, patch = request.getfixturevalue("world"), request.getfixturevalue("monkeypatch")
    patch.setattr(clock, "now", lambda: here.at)
    patch.setattr(clock, "today", lambda: here.at.date())
    return here


def paper_of_case(request: Any) -> DoorWay:
    here = at_world(request)
    case = here.opened(1).cases.get()
    return DoorWay(
        here.committee, reverse("procedures:bring", args=[case.pk, "application"]), "paper-upload",
        {"paper-code": "application"}, Attachment.objects.count,
        lambda: reverse("procedures:paper", args=[newest().pk]), stays=case.label,
    )  # fmt: skip


def paper_of_list(request: Any) -> DoorWay:
    here = at_world(request)
    made = here.opened(2)
    return DoorWay(
        here.committee, reverse("procedures:bring_list", args=[made.pk, "application"]), "paper-upload",
        {"paper-code": "application"}, Attachment.objects.count,
        lambda: reverse("procedures:paper", args=[newest().pk]), stays=made.name,
    )  # fmt: skip


def meeting(request: Any) -> DoorWay:
    here = at_world(request)
    made = here.opened(2)
    here.applied(made)
    pks = made.cases.values_list("pk", flat=True)
    return DoorWay(
        here.committee, reverse("procedures:meeting_list", args=[made.pk, "evaluation"]), "paper_photo",
        {"chair": "马书记", "representatives": 30, "present": 24, "others": 2, "minutes": WORDS,
         "on": here.today.isoformat(), **{f"for_{pk}": 17 for pk in pks}},
        Evaluation.objects.count, lambda: reverse("procedures:paper", args=[newest().pk]),
        files={"paper_minutes": photo(shade=7)},
    )  # fmt: skip


def signed_form(request: Any) -> DoorWay:
    here = at_world(request)
    made = here.opened(1)
    printed = prints.make(of=made, step="application", by=here.committee, at=here.at)
    return DoorWay(
        here.committee, reverse("procedures:bring_scan", args=[printed.pk]), "scan", {},
        FormPrint.objects.filter(scan__isnull=False).count, lambda: reverse("procedures:scan", args=[printed.pk]),
        stays=printed.mark,
    )  # fmt: skip


def look_back(request: Any) -> DoorWay:
    patch, now = request.getfixturevalue("monkeypatch"), lookback.DAY_5
    patch.setattr(clock, "now", lambda: now)
    patch.setattr(clock, "today", lambda: timezone.localdate(now))
    here = lookback.land()
    row = here.campaign.assignments.filter(cadre__user=here.cadre).first()
    return DoorWay(
        here.cadre, reverse("lookback:visit", args=[row.pk]), "photo",
        {"key": str(uuid4()), "method": "visit", "finding": "confirmed", "met": "户主", "visited_at": "2015-07-10T09:30",
         "lon": "105.25", "lat": "35.2", "note": WORDS},
        Visit.objects.count, lambda: reverse("lookback:photo", args=[Visit.objects.get().pk]), photos_only=True,
    )  # fmt: skip


def field_visit(request: Any) -> DoorWay:
    here = fieldwork.land()
    began = timezone.localtime(clock.now() - timedelta(minutes=30))
    rows = fieldwork.Visit.objects
    return DoorWay(
        here.cadre, f"/fieldwork/households/{here.homes[0].pk}/visit/", "photos",
        {"key": str(uuid4()), "tasks": ["publicise"], "met": ["neighbour"], "entered": "on", "done": WORDS,
         "started_at": began.strftime("%Y-%m-%dT%H:%M")},
        rows.count, lambda: reverse("fieldwork:photo", args=[rows.get().pk, rows.get().photos.get().pk]),
        photos_only=True,
    )  # fmt: skip


def household_plan(request: Any) -> DoorWay:
    village = Village.made()
    plan = written(village.one, by=village.cadre)
    return DoorWay(
        village.cadre, reverse("plans:agree", args=[plan.pk]), "scan",
        {"key": str(uuid4()), "shown": plan.digest, "how": "scan", "name": WORDS, "on": plan.at.date().isoformat()},
        Agreement.objects.count, lambda: reverse("plans:agreement_file", args=[Agreement.objects.get().pk]),
    )  # fmt: skip


def village_plan(request: Any) -> DoorWay:
    town = Town.made(Village.made(), gansu())
    plan = town.write()
    town_clerk = town.committee
    DoorWay.client(None, town_clerk).post(  # type: ignore[arg-type]
        reverse("plans:village_submit", args=[plan.pk]), {"shown": plan.digest}
    )
    plan.refresh_from_db()
    acts = VillageAct.objects.filter(word="agreed")
    return DoorWay(
        town_clerk, reverse("plans:village_agree", args=[plan.pk]), "scan",
        {"shown": plan.digest, "on": plan.submitted_on.isoformat(), "entitled": 4173, "present": 4000,
         "in_favour": 3900, "against": 1},
        acts.count, lambda: reverse("plans:village_minutes", args=[acts.get().pk]), stays='value="4173"',
    )  # fmt: skip


def solved_demand(request: Any) -> DoorWay:
    here = fieldwork.land(households=3)
    demand = grievances.raised(here, at=clock.now())
    return DoorWay(
        here.cadre, reverse("grievances:solved", args=[demand.pk]), "solved-files", {"solved-text": WORDS},
        Answer.objects.count, lambda: reverse("grievances:file", args=[demand.pk, newest().pk]),
    )  # fmt: skip


DOORS = {
    "notices.object": objecting, "procedures.paper_of_case": paper_of_case, "procedures.paper_of_list": paper_of_list,
    "procedures.meeting": meeting, "procedures.signed_form": signed_form, "lookback.visit": look_back,
    "fieldwork.visit": field_visit, "plans.household": household_plan, "plans.village": village_plan,
    "grievances.solved": solved_demand,
}  # fmt: skip


@pytest.fixture(params=DOORS)
def door(request, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return DOORS[request.param](request)


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def faults_of(door: DoorWay, file: Hostile, before: Any, folder: Path, language: str = "zh-hans") -> list[str]:
    """What is wrong with how a page takes a file that it must not take."""
    answer = door.send(file, language=language)
    page, told = answer.content.decode(), file.told if language != "en" else file.english
    checks = {
        f"answers {answer.status_code}": answer.status_code in (200, 400, 422), f"does not say {told}": told in page,
        "lost what was typed": door.stays in page, "kept something": standing(door, folder) == before,
        "shows a name that turns round": "\u202e" not in page,
    }  # fmt: skip
    return [words for words, holds in checks.items() if not holds]


def standing(door: DoorWay, folder: Path) -> tuple[int, int, list[Path]]:
    return door.kept(), Attachment.objects.count(), stored(folder)


def test_REG_5_a_hostile_file_is_told_in_a_sentence_nothing_is_kept_and_no_word_is_lost(door, tmp_path):
    before, files = standing(door, tmp_path), hostile(photos_only=door.photos_only)
    faults = {file.name[:30]: wrong for file in files if (wrong := faults_of(door, file, before, tmp_path))}
    faults |= {f"English {file.name}": wrong for file in files[:3]
               if (wrong := faults_of(door, file, before, tmp_path, "en"))}  # fmt: skip
    assert not faults


def test_REG_5_a_good_photo_under_a_hostile_name_is_kept_once_sealed_and_served_safely(door, tmp_path):
    good = Hostile(WEIRD, photo(), "", "")
    first = door.send(good)
    assert first.status_code in (200, 302), first.content.decode()[:3000]
    kept, before = newest(), standing(door, tmp_path)
    assert kept.kind == "image" and (door.by is not None or kept.lon is None)
    assert not re.search(r"[/\\\x00-\x1f\u202e]", kept.name) and len(kept.name) <= 120
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) and b"\xff\xd8\xff" not in path.read_bytes()[:20]
               for path in stored(tmp_path))  # fmt: skip
    seen = door.client(door.reader or door.by).get(door.seen())
    assert seen.status_code == 200 and seen.content[:3] == b"\xff\xd8\xff"
    headers = {"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
               "Content-Security-Policy": "sandbox", "Content-Disposition": f'"{kept.pk}.jpg"'}  # fmt: skip
    assert {name: value for name, value in headers.items() if value not in seen[name]} == {}
    assert Client().get(door.seen()).status_code in (302, 404)  # a stranger
    assert door.send(good).status_code < 500  # the form sent twice
    if "key" in door.says or "form_key" in door.says:
        assert standing(door, tmp_path) == before


def at(name: str, request: Any, settings: Any, folder: Path) -> DoorWay:
    settings.MEDIA_ROOT = folder
    return DOORS[name](request)


@pytest.mark.parametrize("name", ["procedures.signed_form", "plans.village"])
def test_REG_5_a_scan_called_a_photo_is_a_scan_and_is_not_run(request, name, settings, tmp_path):
    door = at(name, request, settings, tmp_path)
    assert door.send(Hostile("photo.jpg", PDF, "", "")).status_code == 302
    seen = door.client(door.by).get(door.seen())
    assert (seen["Content-Type"], seen["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "script" not in seen["Content-Security-Policy"] and "object-src 'none'" in seen["Content-Security-Policy"]


@pytest.mark.parametrize("file", [Hostile("scan.pdf", photo("PNG"), "", ""), Hostile("odd.jpg", odd_exif(), "", "")])
def test_REG_5_what_a_file_is_counts_and_not_its_name_or_what_its_camera_wrote(request, file, settings, tmp_path):
    assert at("notices.object", request, settings, tmp_path).send(file).status_code == 200
    assert newest().kind == "image"


@pytest.mark.parametrize("name", ["notices.object", "procedures.signed_form"])
def test_REG_5_a_file_beyond_the_limit_is_refused_with_the_limit(request, name, settings, tmp_path):
    door = at(name, request, settings, tmp_path)
    assert faults_of(door, too_large(), standing(door, tmp_path), tmp_path) == []


@pytest.mark.parametrize("name", ["notices.object", "fieldwork.visit"])
def test_REG_5_of_several_photos_the_bad_one_is_named_and_none_is_kept(request, name, settings, tmp_path):
    door = at(name, request, settings, tmp_path)
    before = standing(door, tmp_path)
    files = [SimpleUploadedFile("好的.jpg", photo()), SimpleUploadedFile("坏的.jpg", photo()[:900])]
    page = door.send(None, photos=files)
    assert page.status_code == 422 and "坏的.jpg" in page.content.decode() and "好的.jpg" not in page.content.decode()
    assert standing(door, tmp_path) == before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["account_login", "board:follow"])
def test_a_body_beyond_all_limits_is_not_read_on_any_page(name, language):
    client = Client()
    client.cookies["language"] = language
    answer = client.generic("POST", reverse(name), b"x", content_type="multipart/form-data; boundary=x",
                            CONTENT_LENGTH=str(5 * 1024**3))  # fmt: skip
    assert answer.status_code == 413
    assert "64 MB" in answer.content.decode() and ("太大" in answer.content.decode()) == (language != "en")


def test_every_page_that_takes_files_is_attacked():
    """A view that hands files to a form is attacked here, in the tests of its room, or as a sheet (tests/imports)."""
    elsewhere = {"sheets", "complaints", "policywatch", "disputes"}
    views = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("views*/**/*.py")
             if "request.FILES" in path.read_text(encoding="utf-8")}  # fmt: skip
    views |= {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/views.py")
              if "request.FILES" in path.read_text(encoding="utf-8")}  # fmt: skip
    assert views - elsewhere <= {name.split(".")[0] for name in DOORS}
