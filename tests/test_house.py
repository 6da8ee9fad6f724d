"""What is asked of every room."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from shuanglian.core import messages

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "shuanglian"
OURS = [m for m in apps.get_models() if m.__module__.startswith("shuanglian.") and not hasattr(m, "pgh_tracked_model")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_field_is_sorted_for_privacy(model):
    listed = [*model.Privacy.personal, *model.Privacy.open]
    fields = {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}
    assert sorted(listed) == sorted(set(listed)), "a field stands in both lists"
    assert set(listed) == fields


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_names_are_chinese_and_have_a_docstring(model):
    assert re.search(r"[\u4e00-\u9fff]", str(model._meta.verbose_name)), model
    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")


def test_both_languages_are_complete():
    assert [line for room in messages.rooms() for line in messages.missing(room)] == []


def test_every_setting_read_from_the_environment_is_documented():
    source = "".join((PACKAGE / "config" / name).read_text() for name in ("settings.py",))
    read = set(re.findall(r'env\.(?:text|flag|number|words|secret)\("([A-Z_]+)"', source))
    page = (ROOT / "docs" / "settings.md").read_text()
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_rule_ids_cited_in_code_stand_in_the_rulebook():
    known = set(re.findall(r"[A-Z]+-\d+", (PACKAGE / "profiles" / "rulebook_ids.toml").read_text()))
    prefixes = {rule.split("-")[0] for rule in known}
    strange = {}
    for path in (p for p in PACKAGE.rglob("*.py") if "tests" not in p.parts):
        for rule in re.findall(r"\b([A-Z]{2,7}-\d{1,2})\b", path.read_text()):
            if rule.split("-")[0] in prefixes and rule not in known:
                strange[str(path)] = rule
    assert strange == {}


def test_nothing_names_a_machine_or_a_registry():
    for path in [*ROOT.glob("requirements/*.txt"), *ROOT.glob("**/package-lock.json")]:
        if "node_modules" not in path.parts and ".tools" not in path.parts:
            assert "://" not in re.sub(r'"url": "[^"]*"|"homepage": "[^"]*"', "", path.read_text()), path


def test_every_address_has_a_name():
    def walk(patterns, namespaces=()):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, (*namespaces, pattern.namespace))
            else:
                yield namespaces, pattern

    nameless = [
        str(pattern.pattern)
        for namespaces, pattern in walk(get_resolver().url_patterns)
        if not pattern.name and pattern.callback.__module__.startswith("shuanglian.")
    ]
    assert nameless == []


def test_the_glossary_names_every_noun():
    page = (ROOT / "docs" / "glossary.md").read_text()
    from django.utils import translation

    with translation.override("zh-hans"):
        assert [str(model._meta.verbose_name) for model in OURS if str(model._meta.verbose_name) not in page] == []
