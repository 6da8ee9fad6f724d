"""What the home page reads: what waits for the reader's hand, and the steps of the year's main job."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may, scope_prefix
from shuanglian.areas.models import below
from shuanglian.core import profile
from shuanglian.jobs.models import Job
from shuanglian.pairing.models import Round
from shuanglian.registry.models import Suspicion
from shuanglian.sheets.models import Batch

MOST = 99  # nobody needs to know whether 3,000 or 3,001 wait


@dataclass(frozen=True)
class Waiting:
    """Something to do: what, how many (at most MOST, `more` when beyond), where."""

    label: str
    count: int
    href: str

    @property
    def more(self) -> bool:
        return self.count > MOST

    @property
    def shown(self) -> int:
        return min(self.count, MOST)


@dataclass(frozen=True)
class Step:
    """One of the five steps of the year's main job; without an address it is somebody else's."""

    title: str
    hint: str
    href: str


def waiting(*, seen_by: User) -> list[Waiting]:
    """What waits in the reader's area for something that the reader's role may do, most pressing first."""
    prefix = scope_prefix(seen_by)
    if not prefix:
        return []
    tables: dict[str, QuerySet] = {
        "batch": Batch.objects.filter(below(prefix)), "round": Round.objects.filter(below(prefix)),
        "suspicion": Suspicion.objects.filter(below(prefix)),
    }  # fmt: skip
    found = [
        ("imports.accept", _("待接收的导入"), "batch", Batch.State.CHECKED, "sheets:batches"),
        ("imports.run", _("待确认列的导入"), "batch", Batch.State.MAPPING, "sheets:batches"),
        ("pairing.confirm", _("待确认的结对方案"), "round", Round.State.PROPOSED, "pairing:rounds"),
        ("pairing.publish", _("待公布的结对方案"), "round", Round.State.CONFIRMED, "pairing:rounds"),
        ("registry.edit", _("待核的疑似重复"), "suspicion", Suspicion.State.OPEN, "registry:suspicions"),
    ]
    listed = [
        Waiting(label, _few(tables[table].filter(state=state)), address(url))
        for right, label, table, state, url in found if may(seen_by, right)
    ]  # fmt: skip
    standing = Job.objects.filter(by=seen_by, state__in=[Job.State.WAITING, Job.State.RUNNING])
    listed.append(Waiting(_("正在进行的任务"), _few(standing), address("jobs:jobs")))
    return [one for one in listed if one.count]


def steps(*, seen_by: User) -> list[Step]:
    """From rosters to confirmed pairs, for those who do it."""
    if not may(seen_by, "pairing.propose"):
        return []
    plan = [
        ("imports.run", _("导入名册"), _("贫困户、单位、干部、联村，Excel 或 CSV"), "sheets:batches"),
        ("quality.view", _("看哪里有错"), _("逐格指出问题和改法，疑似重复人工核"), "registry:quality"),
        ("pairing.propose", _("生成结对方案"), _("按一个按钮，得到最优方案和每一对的理由"), "pairing:rounds"),
        ("pairing.confirm", _("调整、确认、公布"), _("指定、排除、请假后重算；由另一人确认"), "pairing:rounds"),
        ("registry.view", _("打印台账"), _("按村、乡、县，页面、Excel、PDF"), "registry:ledger"),
    ]  # fmt: skip
    return [Step(title, hint, address(url) if may(seen_by, right) else "") for right, title, hint, url in plan]


def address(name: str) -> str:
    """The address of a page; empty when its room has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _few(rows: QuerySet) -> int:
    """How many rows, counted to MOST + 1 at most: no long counts on a home page."""
    return rows.order_by()[: MOST + 1].count()


def bound_to(user: User) -> str:
    role = profile.active().roles.get(user.role)
    return role.bound_to if role else ""
