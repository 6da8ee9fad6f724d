"""Behind a family's card: ask for something, and see what became of all that the family asked (VOICE-1, VOICE-3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from shuanglian.benefits.card_doors import bare, card_behind
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped
from shuanglian.grievances import numbers, showing
from shuanglian.grievances import queries_public as queries
from shuanglian.grievances.forms_public import AskForm
from shuanglian.grievances.models import Demand, Reply
from shuanglian.notices.views.common import public

from .asking import ANY, page, sized, take


@public(forms=True)
@require_http_methods(ANY)
@sized
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The household is known by its card: what it asked before, and the form. Nothing of safe letters stands here."""
    card = card_behind(request, code)
    if isinstance(card, HttpResponse):
        return card
    assert isinstance(card, Card)
    home, status = card.household, 200
    form = AskForm(request.POST or None, request.FILES or None, at=clock.now(), known=True)
    if form.is_valid():
        taken, status = take(request, form, door=Demand.Door.CARD, village=home.village, household=home)
        if taken is not None:
            return bare(page(request, "public_sent", taken=taken, code=card.code))
    elif form.is_bound:
        status = 422
    with unscoped():
        asked = [_line(one) for one in queries.own(home, clock.today())]
    return bare(page(request, "public_card", status=status, form=form, code=card.code, place=home.village, asked=asked))


def _line(demand: Demand) -> tuple[Demand, str, str, str]:
    """(demand, what about, where it stands, the number that opens it)."""
    latest = Reply.objects.filter(demand=demand).order_by("-id").first()
    return demand, showing.about(demand), showing.now(demand, latest), numbers.number_of(demand.key)
