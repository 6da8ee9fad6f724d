"""What lies on disk: sealed, the same when it comes back, gone when nobody speaks of it."""

import os
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shuanglian.sheets import files


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_comes_back_as_it_was_and_stands_sealed_for_its_owner_only(tmp_path):
    name = files.store("户主 621199".encode())
    path = tmp_path / name
    assert files.fetch(name) == "户主 621199".encode()
    assert b"621199" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_typed_frames_come_back_with_their_types():
    frames = {
        "households": pl.DataFrame({"n": [1, 2], "causes": [["01"], None], "born": [date(2015, 1, 1), None]}),
        "persons": pl.DataFrame({"name": ["张三", None], "dibao": [True, None]}),
    }
    back = files.fetch_frames(files.store_frames(frames))
    assert list(back) == list(frames)
    for name, frame in frames.items():
        assert_frame_equal(back[name], frame)


def test_a_path_outside_the_folder_is_refused():
    with pytest.raises(ValueError, match="outside"):
        files.fetch("../../etc/passwd")


def test_files_that_no_batch_speaks_of_are_swept_after_a_day(tmp_path):
    kept, lost, young = (files.store(b"x") for _n in range(3))
    at = datetime.now(tz=UTC)  # noqa: TID251 - the age of a file on disk
    for name in (kept, lost):
        old = (at - timedelta(days=2)).timestamp()
        os.utime(tmp_path / name, (old, old))
    assert files.sweep(kept={kept}, at=at) == 1
    assert (tmp_path / kept).exists() and (tmp_path / young).exists() and not (tmp_path / lost).exists()


def test_removing_what_is_gone_or_was_never_there_is_no_fault():
    files.remove("", "rosters/nothing")
