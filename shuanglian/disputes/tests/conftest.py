import pytest

from shuanglian.fieldwork.tests.factories import land as make
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()


@pytest.fixture
def land(db):
    return make()
