"""The copy of front-end files by an allow-list."""

import pytest

from shuanglian.core import assets


@pytest.fixture
def modules(tmp_path):
    contents = {
        ".css": b"a{}\n/*# sourceMappingURL=tabler.min.css.map */",
        ".js": b"a();\n//# sourceMappingURL=dexie.min.js.map",
    }
    for name in assets.FILES:
        file = tmp_path / "node_modules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents.get(file.suffix, b"font"))
    (tmp_path / "node_modules" / "@tabler" / "core" / "dist" / "css" / "other.css").write_text("not wanted")
    return tmp_path / "node_modules"


def test_only_what_is_on_the_list_is_copied_and_source_maps_are_stripped(modules, tmp_path):
    assets.copy(modules, tmp_path / "var")
    files = {str(path.relative_to(tmp_path / "var")) for path in (tmp_path / "var").rglob("*") if path.is_file()}
    assert files == set(assets.FILES.values())
    assert (tmp_path / "var/assets/vendor/tabler.min.css").read_bytes() == b"a{}\n"
    assert (tmp_path / "var/assets/vendor/dexie.min.js").read_bytes() == b"a();\n"


def test_a_second_copy_writes_nothing(modules, tmp_path):
    assert len(assets.copy(modules, tmp_path / "var")) == len(assets.FILES)
    assert assets.copy(modules, tmp_path / "var") == []


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(SystemExit, match="npm ci"):
        assets.copy(tmp_path, tmp_path / "var")
