"""Words of plans in templates: {% measure_name code %}, {% industry_name code %}; {% fresh_key %}: a form's key."""

from uuid import uuid4

from django import template

from shuanglian.plans.village_wording import industry_label
from shuanglian.plans.wording import measure_label

register = template.Library()


@register.simple_tag
def measure_name(code: str) -> str:
    return measure_label(code)


@register.simple_tag
def industry_name(code: str) -> str:
    return industry_label(code)


@register.simple_tag
def fresh_key() -> str:
    return str(uuid4())
