"""The app's mark as PNG, for browsers that take no drawing: what core/mark.svg shows, drawn larger and made smaller."""

from io import BytesIO

from PIL import Image, ImageDraw

EDGES = (192, 512)
FINER = 4
UNITS = 32  # the drawing is 32 units wide
RED, WHITE, GOLD = "#9b1c1c", "#ffffff", "#f2c66d"


def png(edge: int) -> bytes:
    """The mark, `edge` pixels wide and high, its ground to the rim so that any mask fits."""
    unit = edge * FINER / UNITS
    picture = Image.new("RGB", (edge * FINER, edge * FINER), RED)
    pen = ImageDraw.Draw(picture)
    _ring(pen, unit, 11.5, WHITE)
    _ring(pen, unit, 20.5, GOLD)
    _ring(pen, unit, 11.5, WHITE, start=-45, end=0)  # the left ring passes over the right one
    kept = BytesIO()
    picture.resize((edge, edge), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _ring(pen: ImageDraw.ImageDraw, unit: float, x: float, colour: str, start: int = 0, end: int = 360) -> None:
    y, radius, width = 16, 6 + 1.25, 2.5
    box = [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit]
    pen.arc(box, start, end, fill=colour, width=round(width * unit))
