"""Whether two photos show the same, also after one was made smaller, sent through a chat or lightened.

Sixty-four comparisons of neighbouring greys (a difference hash): each of eight rows of a 9 × 8 picture says eight times
whether it gets darker towards the right. Two keepings of one photo differ in a few of them, two photos in about half. A
part cut out of a photo, or one that was turned, is not found; a picture of one colour says nothing.
"""

from __future__ import annotations

from PIL import Image

PLAIN = 0  # a picture without anything to compare
NEAR = 6  # of 64 comparisons; more differ between two photos of a series, and hardly ever between two copies
LEAST_STEP = 2  # greys (of 255) that count as darker: less is what a JPEG does to a white wall
LEAST_RANGE = 12  # greys between the lightest and the darkest of the small picture, below which it is plain
COLUMNS, ROWS = 9, 8


def likeness(image: Image.Image) -> int:
    """The comparisons as a signed 64-bit number, as PostgreSQL keeps it; PLAIN when there is nothing to compare."""
    greys = image.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()
    if max(greys) - min(greys) < LEAST_RANGE:
        return PLAIN
    found = 0
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            at = row * COLUMNS + column
            found = found << 1 | (greys[at] - greys[at + 1] > LEAST_STEP)
    return found - (1 << 64) if found >> 63 else found


def apart(one: int, other: int) -> int:
    """In how many of the 64 comparisons two pictures differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()
