"""The importer without a database: workbook in, recognised columns, checked rows, findings, marked workbook out.

Steps: `workbook.read` → `headers.recognise` (a person may correct it) → `check.check` → `mark.mark`.
Pure: no Django, no clock, no network; the programme profile, the region table and what is known come as arguments.
"""
