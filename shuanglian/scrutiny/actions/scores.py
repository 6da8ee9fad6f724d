"""走访可信度 every visit weighed by the profile's signs; who is flagged is asked what happened (FIELD-3, FIELD-6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.fieldwork.models import Visit
from shuanglian.notifications.actions import messages
from shuanglian.organisation.models import Cadre
from shuanglian.rules.conditions import used_to_json
from shuanglian.rules.fact_values import to_plain
from shuanglian.rules.profile import Profile
from shuanglian.rules.scrutiny import Sign, find, weigh_visit
from shuanglian.rules.visit_facts import work_out
from shuanglian.scrutiny import gathering
from shuanglian.scrutiny.models import Flag, Score
from shuanglian.trail import trail

PIECE = 2000  # rows written at a time
OPEN = (Flag.State.OPEN, Flag.State.GONE)  # what is worked out anew; what somebody answered or decided stays as it was


@transaction.atomic
def score(*, area: Area, since: date, until: date, at: datetime, asked: Iterable[int] | None = None) -> int:
    """Weigh the visits of an area between two days, both in; how many. asked: only these, beside all the others.

    Visits that far before and after as the profile says stand beside them: what was honest alone may be one of ten in
    ten minutes. A score that comes out as it was is not written again.
    """
    told = profile.active()
    scoring = told.scrutiny.scoring
    if scoring is None:
        return 0
    apart = timedelta(days=scoring.days)
    visits, photos = gathering.tables(area, since - apart, until + apart)
    own = visits["on"].is_between(since, until) if asked is None else visits["id"].is_in(list(asked))
    facts = work_out(visits.with_columns(asked=own), photos)
    _keep(told, facts.iter_rows(named=True), at)
    return facts.height


def score_all(*, area: Area, at: datetime) -> int:
    """The visits of as many days as the profile holds together, up to today; what the night does."""
    scoring = profile.active().scrutiny.scoring
    if scoring is None:
        return 0
    today = clock.day_of(at)
    return score(area=area, since=today - timedelta(days=2 * scoring.days), until=today, at=at)


def _keep(told: Profile, rows: Iterable[Mapping[str, Any]], at: datetime) -> None:
    signs = list(told.scrutiny.signs.values())
    made = {row["id"]: _weighed(signs, row) for row in rows}
    before = {one.pk: one for one in Score.objects.filter(pk__in=made)}
    codes = dict(Visit.objects.filter(pk__in=made).values_list("pk", "area_code"))
    new, changed = [], []
    for number, (points, met, facts) in made.items():
        found = before.get(number)
        if found is None:
            new.append(Score(visit_id=number, area_code=codes[number], points=points, met=met, facts=facts,
                             profile=told.name, at=at))  # fmt: skip
        elif (found.points, found.met) != (points, met):
            found.points, found.met, found.facts, found.profile, found.at = points, met, facts, told.name, at
            changed.append(found)
    Score.objects.bulk_create(new, batch_size=PIECE)
    Score.objects.bulk_update(changed, ["points", "met", "facts", "profile", "at"], batch_size=PIECE)
    _flag(told, {one.pk: one for one in (*new, *changed)}, at)


def _weighed(signs: list[Sign], row: Mapping[str, Any]) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    facts = {name: value for name, value in row.items() if name != "id" and value is not None}
    weighed = weigh_visit(signs, facts)
    met = [{"sign": one.sign.code, "used": used_to_json(one.reason.all_used())} for one in weighed.met]
    return weighed.points, met, {name: to_plain(value) for name, value in facts.items()}


def _flag(told: Profile, scores: Mapping[int, Score], at: datetime) -> None:
    """Open flags for those that a person should look at; take back what nobody has looked at and no longer stands."""
    assert told.scrutiny.scoring is not None
    flags = {one.visit_id: one for one in Flag.objects.filter(visit__in=scores, state__in=OPEN)}
    known = set(Flag.objects.filter(visit__in=scores).values_list("visit_id", flat=True))
    until = clock.day_of(at) + timedelta(days=told.scrutiny.scoring.answer_days)
    high = {number for number, one in scores.items() if told.scrutiny.flags(one.points)}
    cadres = dict(Visit.objects.filter(pk__in=high - known).values_list("pk", "cadre_id"))
    Flag.objects.bulk_create([
        Flag(visit_id=number, cadre_id=cadres[number], area_code=scores[number].area_code, points=scores[number].points,
             met=scores[number].met, opened_at=at, answer_until=until)
        for number in sorted(high - known)
    ])  # fmt: skip
    for number, flag in flags.items():
        flag.points, flag.met = scores[number].points, scores[number].met
        if number in high and flag.state == Flag.State.GONE:
            flag.state, flag.opened_at, flag.answer_until = Flag.State.OPEN, at, until
        elif number not in high:
            flag.state = Flag.State.GONE
    asked = Counter(cadres[number] for number in high - known)
    asked.update(one.cadre_id for one in flags.values() if one.opened_at == at)
    Flag.objects.bulk_update(flags.values(), ["points", "met", "state", "opened_at", "answer_until"], batch_size=PIECE)
    if opened := len(high - known):
        area = next(iter(scores.values())).area_code[:6].ljust(12, "0")
        trail.write("scrutiny.scores.flag", about=None, by=None, at=at, area_code=area, flags=opened)
    _ask(asked, until, at)


def _ask(asked: Mapping[int, int], until: date, at: datetime) -> None:
    """Tell each cadre, once for all of a run, that he is asked to explain."""
    for cadre in Cadre.objects.filter(pk__in=asked, user__is_active=True).select_related("user__area"):
        assert cadre.user is not None
        params = {"n": asked[cadre.pk], "until": until.isoformat()}
        messages.send(to=cadre.user, template="scrutiny.asked", params=params, link="/scrutiny/mine/", by=None, at=at)


def find_in(signs: Iterable[Sign], area: Area, since: date, until: date) -> Any:
    """The signs over an area as a table, nothing written: for figures and for trying other weights."""
    return find(signs, work_out(*gathering.tables(area, since, until)))
