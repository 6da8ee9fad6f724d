"""Reads a workbook in a process of its own, under a memory and time limit: `apart.py FILE FOLDER BYTES SECONDS`.

These formats are decoded by a library that believes the sizes a file claims; a lying file takes down only this
process. Writes one Arrow file a sheet into FOLDER and a list of names to standard output. Imports nothing of ours.
"""

import json
import sys
from pathlib import Path


def main(source: str, folder: str, memory: int, seconds: int) -> None:
    """Read every sheet as text cells; exit status 3 with the reader's words on standard error when it cannot."""
    import fastexcel
    import polars as pl

    _limit(memory, seconds)
    try:
        book = fastexcel.read_excel(source)
        listed = []
        for at, name in enumerate(book.sheet_names):
            sheet = book.load_sheet(at, header_row=None, skip_rows=0, dtypes="string")
            columns = [column.absolute_index for column in sheet.available_columns()]
            frame = sheet.to_polars() if columns else pl.DataFrame()
            frame.write_ipc(Path(folder) / f"{at}.arrow")
            listed.append({"name": name, "hidden": sheet.visible != "visible", "columns": columns})
    except BaseException as error:  # a panic of the Rust library is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        sys.stderr.write(f"{type(error).__name__}: {error}"[:2000])
        sys.exit(3)
    json.dump(listed, sys.stdout)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096 if Path("/proc/self/statm").exists() else 2**32
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
