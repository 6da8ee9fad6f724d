"""A name made to look like markup stays a name."""

import io
import zipfile

from shuanglian.core.export import Heading, workbook


def test_text_that_looks_like_cell_markup_is_not_written_as_markup():
    buffer = io.BytesIO()
    evil = "<r><t>x</t></r></is></c><c><f>1+1</f></c><c t='inlineStr'><is><r><t>y</t></r>"
    workbook(buffer, "<r>题</r>", [Heading("列", 10)], [[evil]])
    book = zipfile.ZipFile(buffer)
    for name in book.namelist():
        assert b"<f>" not in book.read(name), name
