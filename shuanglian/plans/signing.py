"""A signature drawn with a finger: white paper under it, and whether anything was drawn at all."""

from __future__ import annotations

import io

from PIL import Image

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

MOST_BYTES, MOST_SIDE = 400_000, 3000
LEAST_INK = 0.002  # of the paper: a dot is no signature
DARK = 128


def checked(image: bytes) -> bytes:
    """The drawing on white as PNG; a Refusal when it is none, or nothing was drawn."""
    if not image or len(image) > MOST_BYTES:
        raise Refusal("no_signature", N_("没有收到签字，请重新签"))
    try:
        with Image.open(io.BytesIO(image), formats=["PNG", "JPEG"]) as opened:
            if max(opened.size) > MOST_SIDE:
                raise Refusal("no_signature", N_("没有收到签字，请重新签"))
            drawn = opened.convert("RGBA")
    except Refusal:
        raise
    except Exception:  # Pillow stumbles over bad bytes in ways that nobody has listed
        raise Refusal("no_signature", N_("没有收到签字，请重新签")) from None
    paper = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("L")
    dark = sum(paper.histogram()[:DARK])
    if dark < LEAST_INK * paper.width * paper.height:
        raise Refusal("empty_signature", N_("还没有签字"))
    kept = io.BytesIO()
    paper.convert("RGB").save(kept, "PNG")
    return kept.getvalue()
