"""Ours against the CEL library's own evaluator and against Google's, where all three mean the same."""

from decimal import Decimal

import celpy
from cel_expr_python import cel
from celpy import celtypes
from hypothesis import given, settings

from shuanglian.rules.cel.language import Failed, read

from .cel_texts import VOCABULARY, Texts, facts

ERROR = "<error>"
WITHOUT_FAMILY = Texts(family=False)
# The library's own evaluator forgets that two strings joined are a string, so they are left to Google's.
PLAINER = Texts(family=False, numeric=False, joined=False)
T = cel.Type
GOOGLE = cel.NewEnv(variables={
    "i": T.INT, "j": T.INT, "b": T.BOOL, "c": T.BOOL, "s": T.STRING, "t": T.STRING, "x": T.DOUBLE, "y": T.DOUBLE,
    "k": T.List(T.INT), "w": T.List(T.STRING),
})  # fmt: skip
CELPY = celpy.Environment()


def ours(text, given):
    value = read(text, VOCABULARY, None).value(given)
    return ERROR if isinstance(value, Failed) else value


def googles(text, given):
    data = {name: float(value) if isinstance(value, Decimal) else value for name, value in given.items() if name != "m"}
    found = GOOGLE.compile(text).eval(data=data)
    return ERROR if found.type().name() == "*error*" or found.type() == T.ERROR else found.plain_value()


def celpys(text, given):
    made = {name: _celpy(value) for name, value in given.items() if name != "m"}
    try:
        return _plain(CELPY.program(CELPY.compile(text)).evaluate(made))
    except celpy.CELEvalError:
        return ERROR


def _celpy(value):
    if isinstance(value, bool):
        return celtypes.BoolType(value)
    if isinstance(value, list):
        return celtypes.ListType([_celpy(one) for one in value])
    if isinstance(value, Decimal):
        return celtypes.DoubleType(float(value))
    return celtypes.IntType(value) if isinstance(value, int) else celtypes.StringType(value)


def _plain(value):
    if isinstance(value, celtypes.BoolType):
        return bool(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


@settings(max_examples=80, deadline=None)
@given(WITHOUT_FAMILY.truth(3), facts)
def test_conditions_come_out_as_googles_evaluator_says(text, given):
    assert ours(text, given) == googles(text, given)


@settings(max_examples=50, deadline=None)
@given(WITHOUT_FAMILY.whole(3), facts)
def test_whole_numbers_come_out_as_googles_evaluator_says(text, given):
    assert ours(text, given) == googles(text, given)


@settings(max_examples=40, deadline=None)
@given(WITHOUT_FAMILY.number(3), facts)
def test_numbers_come_out_as_googles_evaluator_says(text, given):
    assert ours(text, given) == googles(text, given)


@settings(max_examples=40, deadline=None)
@given(WITHOUT_FAMILY.wholes_list(2), facts)
def test_lists_come_out_as_googles_evaluator_says(text, given):
    assert ours(text, given) == googles(text, given)


@settings(max_examples=80, deadline=None)
@given(PLAINER.truth(3), facts)
def test_conditions_come_out_as_the_librarys_evaluator_says(text, given):
    assert ours(text, given) == celpys(text, given)
