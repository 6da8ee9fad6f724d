"""What the tests of imports share: files in a folder of their own."""

import pytest


@pytest.fixture(autouse=True)
def _files_elsewhere(request, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
