"""Random well-typed texts of the language over a few facts, for tests that compare ways of working them out.

Facts: i, j int · b, c bool · s, t string · x, y number · k list of int · w list of string · m list of records {i, b, s}.
"""

from decimal import Decimal

from hypothesis import strategies as st

from shuanglian.rules.cel.inferred import inferred

LETTERS = "abñ村"
EDGES = [-(2**63), -(2**63) + 1, 2**63 - 1, -1, 0, 1, 2, 3]
MEMBER = {"i": 1, "b": True, "s": "a"}
SAMPLE = {
    "i": 1, "j": 2, "b": True, "c": False, "s": "a", "t": "b", "x": Decimal("1.5"), "y": Decimal("2.5"), "k": [1],
    "w": ["a"], "m": [MEMBER],
}  # fmt: skip
VOCABULARY = inferred(SAMPLE)

wholes = st.one_of(st.integers(-5, 5), st.sampled_from(EDGES))
texts = st.text(LETTERS, max_size=4)
numbers = st.integers(-400, 400).map(lambda quarter: Decimal(quarter) / 4)  # exact in binary too
members = st.lists(st.fixed_dictionaries({"i": wholes, "b": st.booleans(), "s": texts}), max_size=3)
VALUES = {
    "i": wholes, "j": wholes, "b": st.booleans(), "c": st.booleans(), "s": texts, "t": texts, "x": numbers,
    "y": numbers, "k": st.lists(wholes, max_size=4), "w": st.lists(texts, max_size=3), "m": members,
}  # fmt: skip
facts = st.fixed_dictionaries(VALUES)


def _quoted(text):
    return f"'{text}'"


def _spelt(number):
    return f"({number:.2f})" if number < 0 else f"{number:.2f}"


class Texts:
    """Strategies by type and depth; `family`: whether members (records) may be spoken of, which oracles cannot."""

    def __init__(self, family=True, numeric=True, joined=True):
        self.family, self.numeric, self.joined = family, numeric, joined

    def whole(self, depth, scope=()):
        leaves = st.one_of(
            wholes.map(lambda n: f"({n})" if n < 0 else str(n)), st.sampled_from(["i", "j", *scope_of(scope, "i")])
        )
        if depth == 0:
            return leaves
        inner = self.whole(depth - 1, scope)
        return st.one_of(
            leaves,
            st.tuples(inner, st.sampled_from("+-*/%"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            inner.map(lambda a: f"-({a})"),
            st.sampled_from(["size(k)", "size(s)", "w.size()"]),
            self._choice(depth, scope, inner),
        )

    def number(self, depth, scope=()):
        leaves = st.one_of(numbers.map(_spelt), st.sampled_from(["x", "y"]))
        if depth == 0:
            return leaves
        inner = self.number(depth - 1, scope)
        return st.one_of(
            leaves,
            st.tuples(inner, st.sampled_from("+-"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, st.integers(-3, 3)).map(lambda p: f"({p[0]} * ({p[1]}.0))"),
            self._choice(depth, scope, inner),
        )

    def text(self, depth, scope=()):
        leaves = st.one_of(texts.map(_quoted), st.sampled_from(["s", "t", *scope_of(scope, "s")]))
        if depth == 0:
            return leaves
        inner = self.text(depth - 1, scope)
        joined = [st.tuples(inner, inner).map(lambda p: f"({p[0]} + {p[1]})")] if self.joined else []
        return st.one_of(leaves, self._choice(depth, scope, inner), *joined)

    def _choice(self, depth, scope, inner):
        return st.tuples(self.truth(depth - 1, scope), inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})")

    def wholes_list(self, depth, scope=()):
        leaves = st.one_of(
            st.just("k"), st.lists(self.whole(0, scope), max_size=3).map(lambda items: f"[{', '.join(items)}]")
        )
        if depth == 0:
            return leaves
        inner = self.wholes_list(depth - 1, scope)
        name = f"e{len(scope)}"
        return st.one_of(
            leaves,
            st.tuples(inner, self.truth(depth - 1, (*scope, (name, "i")))).map(
                lambda p: f"{p[0]}.filter({name}, {p[1]})"
            ),
            st.tuples(inner, self.whole(depth - 1, (*scope, (name, "i")))).map(lambda p: f"{p[0]}.map({name}, {p[1]})"),
        )

    def truth(self, depth, scope=()):
        leaves = st.sampled_from(["true", "false", "b", "c", *scope_of(scope, "b")])
        if depth == 0:
            return leaves
        inner, whole, text = self.truth(depth - 1, scope), self.whole(depth - 1, scope), self.text(depth - 1, scope)
        signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
        ways = [
            leaves,
            st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            inner.map(lambda a: f"!({a})"),
            st.tuples(whole, signs, whole).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(text, signs, text).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(text, st.sampled_from(["contains", "startsWith", "endsWith"]), text).map(
                lambda p: f"{p[0]}.{p[1]}({p[2]})"
            ),
            st.tuples(whole, self.wholes_list(depth - 1, scope)).map(lambda p: f"({p[0]} in {p[1]})"),
            st.tuples(self.wholes_list(depth - 1, scope), self.wholes_list(depth - 1, scope)).map(
                lambda p: f"({p[0]} == {p[1]})"
            ),
            self._choice(depth, scope, inner),
            self._over_list(depth, scope),
        ]
        if self.numeric:
            number = self.number(depth - 1, scope)
            ways.append(st.tuples(number, signs, number).map(lambda p: f"({p[0]} {p[1]} {p[2]})"))
        if self.family:
            ways.append(self._over_family(depth, scope))
        return st.one_of(*ways)

    def _over_list(self, depth, scope):
        if len(scope) == 3:
            return st.just("(i in k)")
        name = f"e{len(scope)}"
        return st.tuples(
            self.wholes_list(0, scope),
            st.sampled_from(["all", "exists", "exists_one"]),
            self.truth(depth - 1, (*scope, (name, "i"))),
        ).map(lambda p: f"{p[0]}.{p[1]}({name}, {p[2]})")

    def _over_family(self, depth, scope):
        if len(scope) == 3:
            return st.just("m.exists(z, z.b)")
        name = f"e{len(scope)}"
        return st.tuples(
            st.sampled_from(["m", "m.filter(z, z.b)", "m.filter(z, z.i > i)"] if len(scope) < 2 else ["m"]),
            st.sampled_from(["all", "exists", "exists_one"]),
            self.truth(depth - 1, (*scope, (name, "record"))),
        ).map(lambda p: f"{p[0]}.{p[1]}({name}, {p[2]})")


def scope_of(scope, kind):
    """What variables around give of a kind."""
    found = [name for name, of in scope if of == kind]
    return found + [f"{name}.{kind}" for name, of in scope if of == "record" and kind in MEMBER]
