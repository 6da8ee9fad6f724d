"""Between verbs and forms: a refusal becomes a message, never a crash page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import Said


def translated(said: Said) -> str:
    """A sentence of a pure room in the reader's language, its gaps filled in (sentences in gaps too)."""
    params = {key: _param(value) for key, value in said.params.items()}
    sentence = gettext(said.sentence) if said.sentence else ""
    return sentence.format(**params) if params else sentence


def _param(value: Any) -> Any:
    if isinstance(value, Said):
        return translated(value)
    named = getattr(value, "in_", None)  # a label of the profile knows its name in both languages
    return named(get_language() or "zh") if named else value


def says(refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    return translated(refusal.said)


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """A Refusal inside becomes an error of the form; anything else is a bug and flies on."""
    try:
        yield
    except Refusal as refusal:
        form.add_error(None, says(refusal))


def tell_errors(request: HttpRequest, form: BaseForm) -> None:
    """What a small form without a page of its own has to say, on the page that comes next."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
