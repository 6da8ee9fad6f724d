"""One photo is not evidence for two households: found again when it was made smaller, lightened or sent through a chat."""

import io
import random

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from shuanglian.attachments.actions.attachments import keep, look_at
from shuanglian.attachments.likeness import NEAR, PLAIN, apart, likeness
from shuanglian.attachments.models import Attachment
from shuanglian.attachments.queries import look_alikes
from shuanglian.attachments.tests.test_attachments import AT, PDF


def scene(seed: int, size=(320, 240)) -> Image.Image:
    """A picture of a yard: sky, ground and forty things that stand about."""
    luck = random.Random(seed)
    image = Image.new("RGB", size, (190, 205, 225))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * luck.uniform(0.4, 0.7), *size), fill=(150, 130, 90))
    for _ in range(40):
        x, y = luck.randrange(size[0]), luck.randrange(size[1])
        draw.rectangle((x, y, x + luck.randrange(10, 80), y + luck.randrange(10, 80)),
                       fill=tuple(luck.randrange(256) for _ in range(3)))  # fmt: skip
    return image


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=quality)
    return made.getvalue()


def again(image: Image.Image, *, quality: int, shrunk: float, light: float) -> Image.Image:
    """The same photo as it comes back from a chat."""
    smaller = image.resize((int(image.width * shrunk), int(image.height * shrunk)))
    return Image.open(io.BytesIO(jpeg(ImageEnhance.Brightness(smaller).enhance(light), quality)))


@given(st.integers(0, 10_000), st.integers(30, 95), st.floats(0.3, 1), st.floats(0.85, 1.1))
def test_a_copy_is_near_whatever_was_done_to_it(seed, quality, shrunk, light):
    image = scene(seed)
    assert apart(likeness(image), likeness(again(image, quality=quality, shrunk=shrunk, light=light))) <= NEAR


def test_two_yards_are_far_apart():
    found = [likeness(scene(seed)) for seed in range(150)]
    pairs = [apart(one, other) for at, one in enumerate(found) for other in found[:at]]
    assert min(pairs) > NEAR and 25 < sum(pairs) / len(pairs) < 39


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-(1 << 63), (1 << 63) - 1))
def test_apart_counts_bits_and_does_not_mind_the_order(one, other):
    assert apart(one, other) == apart(other, one) == bin((one ^ other) & 0xFFFFFFFFFFFFFFFF).count("1")
    assert apart(one, one) == 0 and apart(one, ~one) == 64


def test_a_wall_says_nothing():
    assert likeness(Image.new("RGB", (100, 100), "white")) == PLAIN


@pytest.fixture
def put(place, clerk):
    def put_one(data, village=None):
        return keep(data, of=village or place.village, area_code=(village or place.village).code, by=clerk, at=AT)

    return put_one


def test_look_alikes_are_found_within_the_area_only_the_likest_first(put, place):
    image = scene(7)
    first = put(jpeg(image))
    smaller = put(jpeg(again(image, quality=60, shrunk=0.5, light=0.95)))
    same = put(jpeg(image), place.villages[-1])
    put(jpeg(scene(8)))
    assert list(look_alikes(first, within=place.village)) == [smaller]
    assert {one.pk for one in look_alikes(first, within=place.county)} == {smaller.pk, same.pk}
    assert list(look_alikes(first, within=None)) == []
    wide = look_alikes(first, within=place.county, distance=64)
    counted = [apart(first.likeness, found.likeness) for found in wide]  # the database counts as Python does
    assert counted == [found.apart for found in wide] == sorted(counted) and len(counted) == 3


def test_plain_photos_and_scans_are_alike_only_as_the_same_file(put, place):
    white, grey = (jpeg(Image.new("RGB", (64, 64), colour)) for colour in ("white", "grey"))
    one, same, _other, scan, scanned_again = (put(data) for data in (white, white, grey, PDF, PDF))
    assert one.likeness == PLAIN and scan.likeness is None
    assert list(look_alikes(one, within=place.county)) == [same]
    assert list(look_alikes(scan, within=place.county)) == [scanned_again]


def test_what_a_photo_shows_is_never_changed_but_the_night_learns_it_once(put):
    kept = put(jpeg(scene(3)))
    known = kept.likeness
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(likeness=1)
    old = Attachment.objects.create(
        about=kept.about,
        area_code=kept.area_code,
        kind="image",
        size=kept.size,
        digest=kept.digest,
        file=kept.file,
        at=AT,
    )
    assert (look_at(most=10), look_at(most=10)) == (1, 0)
    old.refresh_from_db()
    assert old.likeness is not None and apart(old.likeness, known) <= 2
