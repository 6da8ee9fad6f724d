"""Words of plans in templates: {% measure_name code %}; {% fresh_key %} gives a form's key, so that it is kept once."""

from uuid import uuid4

from django import template

from shuanglian.plans.wording import measure_label

register = template.Library()


@register.simple_tag
def measure_name(code: str) -> str:
    return measure_label(code)


@register.simple_tag
def fresh_key() -> str:
    return str(uuid4())
