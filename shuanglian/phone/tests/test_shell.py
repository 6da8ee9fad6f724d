"""The app's shell: open to all, one version whole, small, in both languages, readable by the browsers of old phones."""

import gzip
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from shuanglian.core.script_words import scripts, sentences
from shuanglian.phone.shell import CORE, PAGE, WORKER, Shell

ROOM = Path(__file__).resolve().parents[1]
SCRIPTS = scripts(ROOM)
MOST = 150_000  # bytes over the line for the whole shell


@pytest.fixture
def visitor(db):
    return Client(headers={"Accept-Encoding": "gzip"})


def kept(visitor):
    """The addresses that the service worker keeps."""
    script = visitor.get(reverse("phone:worker")).content.decode()
    return json.loads(re.match(r"self\.SHELL = (\{.*?\});\n", script)[1])["files"]


def test_the_shell_is_open_to_everybody_and_every_part_of_it_is_there(visitor):
    answers = [visitor.get(path) for path in kept(visitor)]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    page = answers[0].content.decode()
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) <= set(kept(visitor))
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page), "the policy allows nothing inline"


def test_the_whole_shell_is_small(visitor):
    sizes = {path: len(visitor.get(path).content) for path in [*kept(visitor), reverse("phone:worker")]}
    assert sum(sizes.values()) < MOST, sizes


def test_what_stands_at_an_address_never_changes_and_another_version_is_not_there(visitor):
    part = visitor.get(Shell().address("app.js"))
    assert part["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(part.content) == b"\n".join((ROOM / "static" / name).read_bytes() for name in PAGE)
    assert visitor.get(reverse("phone:part", kwargs={"version": "0" * 16, "name": "app.js"})).status_code == 404
    for path in (reverse("phone:app"), reverse("phone:worker"), reverse("phone:manifest")):
        assert visitor.get(path)["Cache-Control"] == "no-cache"


def test_the_service_worker_may_look_after_the_phone_s_addresses_only(visitor):
    assert visitor.get(reverse("phone:worker"))["Service-Worker-Allowed"] == "/phone/"
    assert all(path.startswith("/phone/") and "/api/" not in path for path in kept(visitor))


def test_it_can_be_installed_with_icons_of_the_sizes_they_say(visitor):
    manifest = json.loads(visitor.get(reverse("phone:manifest")).content)
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/phone/", "/phone/", "standalone")
    for icon in manifest["icons"]:
        body = gzip.decompress(visitor.get(icon["src"]).content)
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(body)).size)) == icon["sizes"]
    assert {"any", "maskable"} <= {icon.get("purpose") for icon in manifest["icons"]}


def test_every_sentence_of_the_scripts_has_its_english(visitor):
    told = json.loads(gzip.decompress(visitor.get(Shell().address("words.json")).content))["en"]
    said = {text for path in SCRIPTS for text in sentences(path)}
    assert said == set(told)
    assert [text for text, english in told.items() if english == text] == []
    broken = {text for text in said if re.findall(r"\{\w+\}", text) and
              sorted(re.findall(r"\{\w+\}", text)) != sorted(re.findall(r"\{\w+\}", told[text]))}  # fmt: skip
    assert broken == set()


def test_every_script_of_the_room_is_part_of_the_app():
    assert {str(path.relative_to(ROOM / "static")) for path in SCRIPTS} == {*CORE[1:], *PAGE, WORKER}


# what the browsers of old phones (Chromium 70) do not know, and the version that knew it first
TOO_NEW = {
    r"\?\.[\w[(]": "optional chaining, 80", r"\?\?": "nullish, 80", r"\|\|=|&&=": "logical assignment, 85",
    r"\.replaceAll\(": "85", r"randomUUID": "92", r"\.replaceChildren\(": "86", r"allSettled": "76", r"(?<!\.\.)\.at\(": "92",
    r"Object\.fromEntries": "73", r"\.matchAll\(/": "73", r"structuredClone": "98", r"^import |\bimport\(": "plain scripts",
    r"\bblob\.(?:arrayBuffer|text)\(": "76", r"\d_\d": "numeric separators, 75", r"\bthis\.#": "private fields, 74",
}  # fmt: skip
TOO_NEW_STYLE = {
    r"(?<![-\w])gap\s*:": "84 (flex)",
    r":is\(|:where\(": "88",
    r"\bmin\(|\bmax\(|clamp\(": "79",
    r"inset\s*:": "87",
    r"aspect-ratio": "88",
    r":focus-visible": "86",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_only_what_old_browsers_know(path):
    code = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', "", path.read_text(), flags=re.DOTALL)
    found = {why: match[0] for word, why in TOO_NEW.items() if (match := re.search(word, code, re.MULTILINE))}
    assert found == {}


def test_the_style_uses_only_what_old_browsers_know():
    style = re.sub(r"/\*.*?\*/", "", (ROOM / "static/phone/app.css").read_text(), flags=re.DOTALL)
    assert {why for word, why in TOO_NEW_STYLE.items() if re.search(word, style)} == set()
