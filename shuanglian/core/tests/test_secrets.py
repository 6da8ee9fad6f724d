"""Personal numbers at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.core import secrets


@given(st.text(min_size=1).filter(lambda text: max(text) < "\ud800" or min(text) > "\udfff"))
def test_what_is_sealed_opens_to_the_same_and_never_looks_the_same(clear):
    assert secrets.open_sealed(secrets.seal(clear)) == clear
    assert secrets.seal(clear) != secrets.seal(clear)


def test_a_changed_value_or_another_key_does_not_open(settings):
    sealed = secrets.seal("621199199001011234")
    with pytest.raises(ValueError, match="does not open"):
        secrets.open_sealed(sealed[:-6] + ("AAAAAA" if sealed[-6:] != "AAAAAA" else "BBBBBB"))
    settings.DATA_KEY = "another key"
    with pytest.raises(ValueError, match="does not open"):
        secrets.open_sealed(sealed)


def test_an_exact_value_is_found_by_a_digest_that_tells_nothing():
    assert secrets.digest("621199199001011234") == secrets.digest("621199199001011234")
    assert secrets.digest("621199199001011234") != secrets.digest("621199199001011235")
    assert secrets.digest("") == ""
