"""Rows for tests of accounts."""

from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from shuanglian.accounts.models import User

PASSWORD = "Correct-Horse-7"


class UserFactory(factory.django.DjangoModelFactory):
    """An account of the programme office; give role= and area= as needed. Its password is PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user{number}")
    full_name = factory.Sequence(lambda number: f"用户{number}")
    role = "programme_office"
    area: Any = None
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
