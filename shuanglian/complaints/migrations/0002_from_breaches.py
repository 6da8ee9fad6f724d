"""Reports of broken prohibitions become safe letters; who complained goes under the identity's key."""

import json
from datetime import timedelta
from uuid import uuid4

from django.db import migrations
from django.utils import timezone

from shuanglian.complaints.numbers import number_digest, number_of
from shuanglian.complaints.sealing import seal_identity
from shuanglian.core.secrets import digest

DAYS = 30  # there is time to name officers before the first night sends anything up


def move(apps, schema_editor):
    Breach = apps.get_model("fieldwork", "Breach")
    Complaint, Step = apps.get_model("complaints", "Complaint"), apps.get_model("complaints", "Step")
    Area = apps.get_model("areas", "Area")
    due = timezone.localdate() + timedelta(days=DAYS)
    for one in Breach.objects.all():
        told, pk = json.loads(one.sealed), uuid4()
        village = Area.objects.filter(pk=told["village"]).values_list("code", flat=True).first() or ""
        who = {name: told[name] for name in ("household", "number", "head")}
        content = {
            "kind": "conduct", "prohibition": told["prohibition"], "text": told["text"], "accused": "", "place": "",
            "offices": [] if one.area_code[4:6] != "00" else ["county"], "door": "card", "language": "zh", "by": None,
            "village": village, "away": {"cadres": told["cadres"], "units": told["units"], "users": []},
        }  # fmt: skip
        row = Complaint.objects.create(
            id=pk, key=one.key, number_digest=number_digest(number_of(one.key)), office_code=one.area_code,
            first_code=one.area_code, content=json.dumps(content, ensure_ascii=False),
            words=digest("|".join(["conduct", told["prohibition"], "", "", told["text"]])),
            identity=seal_identity(who, about=str(pk)), state="received", due_on=due, on=timezone.localdate(one.at),
            at=one.at,
        )  # fmt: skip
        Step.objects.create(complaint=row, kind="received", office_code=one.area_code, text="", at=one.at, place=1)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("fieldwork", "0001_initial"),
        ("areas", "0001_initial"),
    ]
    run_before = [("fieldwork", "0002_delete_breach")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
