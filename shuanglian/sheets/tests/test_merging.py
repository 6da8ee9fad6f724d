"""COPY and set-based writing: every text comes through as it is, nulls stay nulls."""

import polars as pl
import pytest
from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.sheets import merging

pytestmark = pytest.mark.django_db
TEXTS = ["", "张三", 'quo"te', "com,ma", "line\nbreak", "back\\slash", "\\N", "NULL", "'", "𬭚", " x ", "=1+1", None]


def test_texts_nulls_and_lists_come_through_copy_as_they_are():
    merging.run("CREATE TEMP TABLE {t} (n integer, word text, words varchar[]) ON COMMIT DROP", t="seen")
    lists = [None if text is None else [text] for text in TEXTS]
    frame = pl.DataFrame({"n": range(len(TEXTS)), "word": TEXTS, "words": lists})
    merging.copy("seen", frame)
    assert merging.rows("SELECT n, word, words FROM seen ORDER BY n") == [
        (n, text, None if text is None else [text]) for n, text in enumerate(TEXTS)
    ]


def test_control_characters_that_no_database_holds_are_left_out():
    merging.run("CREATE TEMP TABLE {t} (word text) ON COMMIT DROP", t="seen")
    merging.copy("seen", pl.DataFrame({"word": ["a\x00b\x1ac"]}))
    assert merging.one("SELECT word FROM seen") == "abc"


def test_the_answer_of_a_query_comes_back_as_a_frame_with_nulls_and_empty_texts_apart():
    found = merging.frame_of(
        "SELECT * FROM (VALUES ('a', 1), ('', NULL), (NULL, 3), (%s, 4)) v", {"x": pl.String, "y": pl.Int64}, 'q",\n'
    )
    assert found.rows() == [("a", 1), ("", None), (None, 3), ('q",\n', 4)]
    assert merging.frame_of("SELECT 'a' WHERE false", {"x": pl.String}).is_empty()


def test_names_in_a_statement_are_identifiers_never_text():
    merging.run('CREATE TEMP TABLE "o\'dd; name" (x integer) ON COMMIT DROP')
    merging.run("INSERT INTO {t} VALUES (%s)", 7, t="o'dd; name")
    assert merging.one("SELECT x FROM {t}", t="o'dd; name") == 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_the_planner_hears_of_row_numbers_once_they_are_given():
    frame = pl.DataFrame({"code": [f"{n:012d}" for n in range(1500)], "name": ["村"] * 1500, "level": [5] * 1500})
    merging.stage("staged", frame, Area)
    merging.number_new(Area, "staged")
    told = "SELECT null_frac FROM pg_stats WHERE tablename = %s AND attname = %s"
    assert merging.one(told, "staged", "row_id") == 0
