"""How much of a stranger's file is unpacked and read. One place; the settings may hand over other numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Ceilings for one uploaded file. Sizes in bytes; `cells` counts the full rectangle of each sheet together."""

    file_size: int = 100 * 2**20
    unpacked: int = 1600 * 2**20
    ratio: int = 400  # unpacked : packed, looked at only above `ratio_from`
    ratio_from: int = 64 * 2**20
    parts: int = 2000
    sheets: int = 120
    rows: int = 500_000
    columns: int = 2000
    cells: int = 24_000_000
    shared_strings: int = 12_000_000
    part_size: int = 64 * 2**20  # workbook.xml, styles.xml and other small parts
    text: int = 32_767  # characters in one cell, as spreadsheets have it
    memory: int = 3 * 2**30  # of the separate process that reads xls and ods
    seconds: int = 120
