"""Loads the demo county through the product's own doors: rosters are written, imported and accepted, rounds are run."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area, AreaTag
from shuanglian.benefits.actions import rounds as checks
from shuanglian.core.clock import now
from shuanglian.organisation.models import Cadre, Unit, UnitAccount
from shuanglian.pairing.actions import confirming, leaders, rounds, solving
from shuanglian.pairing.models import ExitVillage, Pairing, Round
from shuanglian.registry.models import Household
from shuanglian.sheets.actions import batches, stages
from shuanglian.sheets.models import Batch

from . import examples, payrolls, scrutiny
from .county import COUNTY, YEAR, County, Size
from .rosters import write_samples

PASSWORD = "Tongwei-demo-2015"  # noqa: S105 - printed at the start; the demo listens on loopback only
TOWNSHIP = "621121100000"  # 平襄镇

BENEFITS_ON = date(YEAR, 10, 1)  # in the school year that the provisions of 2015 begin with

# user name → role, region code, what to look at
PEOPLE = {
    "office": ("programme_office", COUNTY, "县双联办：导入、结对、台账"),
    "office2": ("programme_office", COUNTY, "县双联办第二人：复核确认（四眼原则）"),
    "township": ("programme_office", TOWNSHIP, "平襄镇双联办：只看本镇"),
    "township2": ("programme_office", TOWNSHIP, "平襄镇双联办第二人：抽查复核"),
    "secretary": ("leader", TOWNSHIP, "平襄镇党委书记：签字背书"),
    "mayor": ("leader", TOWNSHIP, "平襄镇镇长：签字背书"),
    "congress": ("leader", TOWNSHIP, "平襄镇人大主席：签字背书"),
    "city": ("programme_office", "621100000000", "定西市双联办"),
    "province": ("programme_office", "620000000000", "省双联办"),
    "unit": ("unit", COUNTY, "联村单位：本单位的村和干部"),
    "cadre": ("cadre", COUNTY, "帮扶干部：我的结对户（请用手机宽度看）"),
    "team": ("cadre", COUNTY, "第一书记：驻村考勤、走访"),
    "tech": ("cadre", COUNTY, "农技员：农技服务"),
    "village": ("village_committee", "", "村委会：本村"),
    "leader": ("leader", COUNTY, "县领导：逐级查看"),
    "inspector": ("inspector", COUNTY, "督查"),
    "auditor": ("auditor", COUNTY, "审计"),
    "department": ("department", COUNTY, "部门经办人：申请批复、发放名册核对"),
    "admin": ("administrator", COUNTY, "系统管理员：账户，不看个人数据"),
}


def ensure_loaded(*, say: Callable[[str], None], size: Size | None = None) -> bool:
    """Load what is not there yet, stage by stage: a killed start goes on where it stopped. True if anything was done."""
    county = Area.objects.current().get(code=COUNTY)
    if User.objects.filter(username="admin").exists():
        return False
    say("Loading the demo county 载入演示县：通渭县（真实村名与规模，人物均为虚构）…")
    drawn = County(_villages(), size)
    _tags(drawn)
    office = _user("office")
    folder = Path(settings.VAR) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "units": drawn.units,
        "cadres": drawn.cadres,
        "links": drawn.links,
        "households": drawn.people,
        "pairs": drawn.pairs,
    }
    for kind, frame in frames.items():
        _import(kind, frame, county, office, folder, say)
    write_samples(folder, drawn)
    _payrolls(drawn, county, office, folder, say)
    _round(county, YEAR, Round.State.PUBLISHED, say)
    township = Area.objects.current().get(code=TOWNSHIP)
    examples.show(county=county, township=township, year=YEAR, user=_user, say=say)
    _round(county, YEAR + 1, Round.State.PROPOSED, say)  # last, so that it covers the households of the examples too
    with transaction.atomic():
        for name in PEOPLE:
            _user(name)
        checks.start(area=county, on=BENEFITS_ON, by=office, at=now())  # the worker does it once the product serves
    return True


def guide() -> str:
    """What the terminal shows before the last line."""
    lines = ["", "Demo log-ins 演示账户 (password 密码: " + PASSWORD + ")"]
    lines += [f"  {name:<10} {what}" for name, (_role, _area, what) in PEOPLE.items()]
    lines += [
        "",
        "What to look at 看什么:",
        "  1  office  → 导入名册 Import: var/demo/ holds rosters to try, one with planted mistakes",
        f"  2  office  → 结对 Pairing: the {YEAR + 1} proposal: coverage, map, why this one; pin, forbid, solve again",
        "  3  office2 → confirm it in a second person's name, publish 复核确认、公布",
        "  4  office  → 扶贫台账 Ledger: page, xlsx, PDF",
        "  5  cadre   → my households, at phone width 我的结对户",
        "  6  office  → 应享政策 What families are owed: lists, a family with its reasons, payrolls, what-ifs (the first "
        "round is worked out in the background for a minute or two 首轮核查在后台进行)",
        "  7  village → 办理事项 Cases: exits on their way, a meeting, the village board and its poster; 公示 Notices",
        "  8  office  → 统计、数据质量、退出、动态调整、回头看 Statistics, quality, exits, yearly adjustment, look-back",
        "  9  cadre   → 请您说明 a doubted visit to explain; office → 走访核实 Doubtful visits, 每月回访 Call-backs "
        "(some visits are made up on purpose and say so 其中有故意编造的，文字里写明)",
        *(
            [
                f"     no log-in 不用登录: {page} the card of a family that is asked whether somebody came 户里回答来过没有"
            ]
            if (page := scrutiny.family_page())
            else []
        ),
        "  10 office, cadre, department → 群众诉求 Demands: ledgers, the hotline page, where demands gather, policies and "
        "disputes; office2 → 安全信件 Safe letters",
        f"     no log-in 不用登录: /d/v/{_village_to_show()}/ a village's page, /d/f/ follow by number, /s/ a safe letter",
        "All people are made up 人物均为虚构. Stop: Ctrl-C. Begin anew: make demo-reset",
        "",
    ]
    return "\n".join(lines)


def _villages() -> list[dict[str, str]]:
    rows = (
        Area.objects.current()
        .filter(code__startswith=COUNTY[:6], level=5, kind="real")
        .select_related("parent")
        .order_by("code")
    )
    return [{"code": row.code, "name": row.name, "township": row.parent.name} for row in rows if row.parent]


@transaction.atomic
def _tags(drawn: County) -> None:
    areas = {area.code: area for area in Area.objects.current().filter(code__in=drawn.exits)}
    since = date(2012, 2, 20)
    AreaTag.objects.bulk_create(
        [AreaTag(area=areas[code], tag="poor_village", since=since, source="演示：随机选定") for code in drawn.exits],
        ignore_conflicts=True,
    )
    ExitVillage.objects.bulk_create(
        [ExitVillage(village=areas[code], area_code=code, year=year) for code, year in drawn.exits.items()],
        ignore_conflicts=True,
    )


def _import(
    kind: str, frame: pl.DataFrame, county: Area, office: User, folder: Path, say: Callable[[str], None]
) -> None:
    if Batch.objects.filter(kind=kind, area=county, state=Batch.State.ACCEPTED).exists():
        return
    say(f"  {kind}: {frame.height:,} rows 行")
    path = folder / f"{kind}.csv"
    frame.write_csv(path, include_bom=True)
    with path.open("rb") as file:
        year = YEAR - 1 if kind == "pairs" else YEAR
        batch = batches.receive(file=File(file, name=path.name), kind=kind, area=county, year=year, by=office, at=now())
    batch = stages.read(batch=batch, at=now())
    if batch.state != Batch.State.CHECKED or batch.counts.get("errors"):
        raise SystemExit(f"demo roster {path}: {batch.get_state_display()} {batch.problem} {batch.counts}")
    stages.accept(batch=batch, skip_errors=False, by=office, at=now())
    path.unlink()


def _payrolls(drawn: County, county: Area, office: User, folder: Path, say: Callable[[str], None]) -> None:
    """Departments' payrolls, after the households they pay; one more is left in the folder to try."""
    accepted = Batch.objects.filter(kind="payments", area=county, state=Batch.State.ACCEPTED)
    done = set(accepted.values_list("file_name", flat=True))
    loaded, _to_try = payrolls.write_all(folder, drawn.people)
    for path in loaded:
        if path.name in done:
            continue
        say(f"  payments: {path.name} 发放名册")
        with path.open("rb") as file:
            batch = batches.receive(file=File(file, name=path.name), kind="payments", area=county, year=YEAR, by=office,
                                    at=now())  # fmt: skip
        batch = stages.read(batch=batch, at=now(), rehearse=False)
        if batch.state != Batch.State.CHECKED:
            raise SystemExit(f"demo payroll {path}: {batch.get_state_display()} {batch.problem} {batch.counts}")
        stages.accept(batch=batch, skip_errors=True, by=office, at=now())


def _round(county: Area, year: int, state: str, say: Callable[[str], None]) -> None:
    if Round.objects.filter(area=county, year=year, state=state).exists():
        return
    say(f"  pairing {year} 结对 …")
    office, second = _user("office"), _user("office2")
    for left in Round.objects.filter(area=county, year=year):
        rounds.discard(round=left, by=office, at=now())
    made = rounds.open(area=county, year=year, on=date(year, 3, 1), name=f"{year}年双联结对", by=office, at=now())
    solving.propose(round=made, by=office, at=now(), progress=_silent)
    leaders.assign(round=made, by=office, at=now())
    if state == Round.State.PUBLISHED:
        confirming.confirm(round=made, by=second, at=now())
        confirming.publish(round=made, by=second, at=now())


def _silent(done: int, total: int, message: object) -> None:
    """Nobody watches."""


def _village_to_show() -> str:
    """The village of the township, among those with a year of exit, that has most households."""
    planned = ExitVillage.objects.filter(area_code__startswith=TOWNSHIP[:9]).values("area_code")
    rows = Household.objects.standing().filter(area_code__in=planned).order_by().values("area_code")
    return str(rows.annotate(many=Count("pk")).order_by("-many", "area_code").values_list("area_code", flat=True)[0])


def _user(name: str) -> User:
    role, code, what = PEOPLE[name]
    if found := User.objects.filter(username=name).first():
        return found
    code = code or _village_to_show()
    user = User(username=name, role=role, area=Area.objects.current().get(code=code), full_name=what.split("：")[0])
    user.set_password(PASSWORD)
    user.save()
    pairing = (
        Pairing.objects.filter(until__isnull=True, cadre__user__isnull=True)
        .order_by("-cadre__rank", "cadre__number")
        .first()
    )
    if role == "cadre" and pairing:
        Cadre.objects.filter(pk=pairing.cadre_id).update(user=user)
    if role == "unit":
        unit = (
            Unit.objects.filter(village_links__until__isnull=True).exclude(village_links=None).order_by("code").first()
        )
        if unit:
            UnitAccount.objects.get_or_create(user=user, defaults={"unit": unit})
    return user
