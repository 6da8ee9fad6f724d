"""The clerks' doors: a call, a letter on paper, and speaking for somebody who has no telephone (VOICE-1, VOICE-3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.grievances import printing_taking, wording
from shuanglian.grievances import queries_taking as reads
from shuanglian.grievances.access import TAKE
from shuanglian.grievances.actions import taking
from shuanglian.grievances.actions.demands import SHORTEST
from shuanglian.grievances.forms_taking import FindForm, PaperForm, SpeakForm, TakeForm
from shuanglian.grievances.models import Demand

ANY = ["GET", "HEAD", "POST"]
ENDED = (Demand.State.CLOSED, Demand.State.REFUSED)


@require_http_methods(ANY)
@requires(TAKE)
def hotline(request: SignedIn) -> HttpResponse:
    """Typed while somebody speaks; the number is read aloud and the form is empty for the next call."""
    form = TakeForm(request.POST or None, actor=request.user)
    return _take(request, form, Demand.Door.HOTLINE, lambda: TakeForm(actor=request.user))


@require_http_methods(ANY)
@requires(TAKE)
def paper(request: SignedIn) -> HttpResponse:
    """A letter or a paper form, with its scan."""
    today = clock.today()
    form = PaperForm(request.POST or None, request.FILES or None, actor=request.user, today=today)
    return _take(request, form, Demand.Door.PAPER, lambda: PaperForm(actor=request.user, today=today))


def _take(request: SignedIn, form: TakeForm, door: str, another: Any) -> HttpResponse:
    title = _("热线登记") if door == Demand.Door.HOTLINE else _("来信、纸表登记")
    told: dict[str, Any] = {"title": title, "form": form, "paper": door == Demand.Door.PAPER, "number": ""}
    if form.is_valid():
        with refusals_on(form):
            taken = taking.take(door=door, by=request.user, at=clock.now(), **form.told())
            told |= {"number": taken.number, "form": another()}
    if form.errors:
        told["beside"] = _beside(request)
    response = render(request, "grievances/taking_form.html", told, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_POST
@requires(TAKE)
def who(request: SignedIn) -> HttpResponse:
    """What the box may mean, while one types. By POST: names stand in no address and no log."""
    field = request.POST.get("field", "who")
    field = field if field.isidentifier() else "who"
    text = request.POST.get(f"{field}_text", "").replace("\0", "")
    found = reads.who(text, seen_by=request.user) if text.strip() else []
    return render(request, "grievances/parts/who_options.html", {"found": found, "field": field, "text": text})


@require_POST
@requires(TAKE)
def beside(request: SignedIn) -> HttpResponse:
    """What the words are about, and what is alike in the village, while one types."""
    return HttpResponse(_beside(request))


def _beside(request: SignedIn) -> SafeString:
    form = TakeForm(request.POST, actor=request.user)
    form.is_valid()
    clean = form.cleaned_data
    text, chosen = str(clean.get("text", "")), clean.get("who")
    about = reads.proposal(text)
    category, found, looked = clean.get("category") or about.category, list[Any](), False
    if chosen is not None and len(text) >= SHORTEST and not about.safe:
        looked = True
        found = reads.alike(area=chosen.area, text=text, on=clock.today(), seen_by=request.user, category=category)
    return render_to_string("grievances/parts/beside.html", {
        "category": about.category, "never": about.never, "never_label": wording.never(about.never),
        "safe": about.safe, "alike": found, "looked": looked, "join": clean.get("join"),
    }, request)  # fmt: skip


@require_safe
@requires(TAKE)
def blank(request: SignedIn) -> HttpResponse:
    """The paper form, empty, to be printed; of a village account with its village's name."""
    area = request.user.area
    if code := request.GET.get("village", ""):
        area = Area.objects.current().within(request.user.area).select_related("parent").filter(code=code).first()
    made = HttpResponse(printing_taking.blank(area), content_type="application/pdf")
    made.headers["Content-Disposition"] = 'inline; filename="blank.pdf"'
    return made


# --- for somebody -----------------------------------------------------------------------------------------------------
@require_http_methods(ANY)
@requires(TAKE)
def speak(request: SignedIn) -> HttpResponse:
    """By the number or the household: read the answer aloud, write down yes or no. The number stands in no address."""
    find = FindForm(request.POST or None, actor=request.user)
    found = find.demands(on=clock.today()) if find.is_valid() else []
    letter, form = "", None
    if (about := _about(request, found)) is not None:
        form = _speaking(about, request.POST)
        if form.is_valid():
            with refusals_on(form):
                taken = taking.speak(demand=about, by=request.user, at=clock.now(), **form.told())
                letter, form = taken.number if taken else "", None
                messages.success(request, _("已替他记下。"))
                found = find.demands(on=clock.today())
    wrong = bool(find.errors or (form and form.errors))
    response = render(request, "grievances/taking_speak.html", {
        "find": find, "typed": find.typed(), "letter": letter,
        "found": [_shown(one, form if about is not None and one.pk == about.pk else None) for one in found],
    }, status=422 if wrong else 200)  # fmt: skip
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _about(request: SignedIn, found: list[Demand]) -> Demand | None:
    """The demand that something is said to: only one of those that number or household opened."""
    number = request.POST.get("demand", "")
    return next((one for one in found if str(one.pk) == number), None)


def _speaking(demand: Demand, data: Any = None) -> SpeakForm:
    reply = taking.waits_for_word(demand)
    return SpeakForm(data, initial={"demand": demand.pk}, untold=reply is not None and reply.told_at is None,
                     waits=reply is not None, over=demand.state in ENDED)  # fmt: skip


def _shown(demand: Demand, form: SpeakForm | None) -> dict[str, Any]:
    where = ""
    if demand.state == Demand.State.OPEN:
        where = _("现在由{holder}办，期限 {day}").format(holder=wording.holder(demand), day=demand.due_on)
    return {"demand": demand, "reply": taking.latest(demand), "form": form or _speaking(demand), "where": where}
