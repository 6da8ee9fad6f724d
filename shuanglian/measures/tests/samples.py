"""Samples that hypothesis draws, and measures worked out a second way, from the words of their definition."""

import math

from hypothesis import strategies as st

LINE = 100.0
incomes = st.one_of(st.integers(0, 250).map(float), st.floats(0.01, 1000, allow_nan=False))
positive = st.one_of(st.integers(1, 250).map(float), st.floats(0.01, 1000, allow_nan=False))
any_sign = st.one_of(st.integers(-80, 250).map(float), incomes)
counts = st.integers(1, 5)


def people(values=incomes, *, least=1, most=25):
    return st.lists(values, min_size=least, max_size=most)


def weighted(values=incomes, *, least=1, most=20):
    """[(income, whole weight), …]"""
    return st.lists(st.tuples(values, counts), min_size=least, max_size=most)


def apart(rows):
    return [x for x, _ in rows], [float(w) for _, w in rows]


def repeated(rows):
    """Every row as often as its weight says."""
    return [x for x, w in rows for _ in range(w)]


# --- poverty, sum by sum --------------------------------------------------------------------------------------------


def fgt(xs, z, alpha):
    return sum(((z - x) / z) ** alpha for x in xs if x < z) / len(xs)


def watts(xs, z):
    return sum(math.log(z / x) for x in xs if x < z) / len(xs)


def sen_1976(xs, z):
    """2/((q + 1) n z) times the sum of (z - x_i)(q + 1 - i), i = 1 the poorest (Sen 1976)."""
    poor = sorted(x for x in xs if x < z)
    q = len(poor)
    return 2 / ((q + 1) * len(xs) * z) * sum((z - x) * (q + 1 - i) for i, x in enumerate(poor, 1))


def sst(xs, z):
    gaps = sorted((max(0.0, (z - x) / z) for x in xs), reverse=True)
    n = len(xs)
    return sum((2 * n - 2 * i + 1) * g for i, g in enumerate(gaps, 1)) / n**2


# --- inequality, pair by pair ---------------------------------------------------------------------------------------


def gini(xs):
    n, mean = len(xs), sum(xs) / len(xs)
    return sum(abs(a - b) for a in xs for b in xs) / (2 * n * n * mean)


def theil(xs):
    mean = sum(xs) / len(xs)
    return sum(x / mean * math.log(x / mean) for x in xs if x) / len(xs)


def mld(xs):
    mean = sum(xs) / len(xs)
    return sum(math.log(mean / x) for x in xs) / len(xs)


def atkinson(xs, epsilon):
    mean, n = sum(xs) / len(xs), len(xs)
    if epsilon == 1:
        return 1 - math.exp(sum(math.log(x) for x in xs) / n) / mean
    return 1 - (sum(x ** (1 - epsilon) for x in xs) / n) ** (1 / (1 - epsilon)) / mean
