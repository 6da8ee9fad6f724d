"""Settings of the tests: the same product, a quicker password hasher, keys of their own."""

import os
import tempfile

_var = os.environ.setdefault("SHUANGLIAN_VAR", os.path.join(tempfile.gettempdir(), f"shuanglian-test-{os.getuid()}"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("SHUANGLIAN_DATA_KEY", "only-for-tests-" + "y" * 40)
os.environ.setdefault("HTTPS", "0")

from .settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # worth a factor of fourteen
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
AXES_ENABLED = True
WHITENOISE_AUTOREFRESH = True  # else every test client reads the folders of style sheets anew

DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SHUANGLIAN_TEST_DB", "test_shuanglian")}  # noqa: F405
