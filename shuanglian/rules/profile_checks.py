"""What no single entry can show: references to nothing, codes twice, stretches of days that overlap."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shuanglian.kernel.words import N_, Said

from .code_list import plain
from .profile_faults import suggest
from .profile_files import Desk, Table

Lists = Mapping[str, tuple[Any, ...]]

# What the rooms above read by name: a profile without one of these would fail only when it is used.
NEEDED = {
    "levels": ("province", "city", "county", "township", "village"),
    "lists": (
        "household_class", "standard", "exit_mark", "relation", "sex", "education", "schooling", "health",
        "labour_skill", "work_place", "politics", "road", "fuel", "ethnicity",
    ),
    "permissions": (
        "home.view", "areas.view", "registry.view", "registry.edit", "registry.reveal", "registry.export",
        "imports.run", "imports.accept", "organisation.view", "organisation.edit", "pairing.view", "pairing.propose",
        "pairing.confirm", "pairing.publish", "quality.view", "trail.view", "accounts.manage",
    ),
    "roles": (
        "programme_office", "unit", "cadre", "village_committee", "leader", "inspector", "auditor", "administrator",
    ),
    "weights": (
        "distance", "need", "skill", "keep", "outside", "fallback", "even_load",
        "unit_distance", "unit_need", "unit_keep", "unit_exit", "unit_load", "village_load",
        "leader_exit", "leader_keep",
    ),
    "coverage": ("village", "household", "unit"),
    "bands": ("household", "village"),
    "columns": ("cause", "helper", "measures", "exit_date"),
}  # fmt: skip
# Where one entry names another: list, key, and the list it names.
REFERENCES = (
    ("fallback", "levels", "levels"), ("tags", "levels", "levels"), ("roles", "levels", "levels"),
    ("columns", "levels", "levels"), ("tiers", "level", "levels"), ("leaders", "level", "levels"),
    ("notice_kinds", "fields", "notice_fields"), ("objections", "identity_levels", "levels"),
    ("objections", "repeated_by", "levels"),
    ("roles", "may", "permissions"), ("trades", "mismatch", "causes"), ("ranks", "leads", "levels"),
    ("industries", "measures", "measures"), ("village_works", "serves", "measures"),
    ("village_works", "owner", "plan_owners"), ("village_terms", "free", "funds"),
    ("village_terms", "approves", "levels"), ("rungs", "level", "levels"),
    ("complaint_offices", "level", "levels"), ("complaint_words", "kind", "complaint_kinds"),
    ("policy_owners", "level", "levels"), ("dispute_kinds", "begins", "levels"), ("dispute_rungs", "level", "levels"),
    ("demand_categories", "department", "departments"), ("demand_categories", "asks", "field_asks"),
)  # fmt: skip


class Checker:
    """All checks over one profile's lists; every fault goes to the desk with the place it was written."""

    def __init__(self, lists: Lists, written: Mapping[str, set[str]], tables: Mapping[int, Table], desk: Desk) -> None:
        self.lists, self.written, self.tables, self.desk = lists, written, tables, desk

    def fault(self, entry: Any, key: tuple[Any, ...], code: str, said: Said, cure: Said) -> None:
        self.desk.fault(self.tables[id(entry)].find(key), code, said, cure)

    def dangling(self, entry: Any, key: tuple[Any, ...], word: str, known: Collection[str]) -> None:
        if word not in known:
            said = Said(N_("{key} 指向不存在的 {value}"), {"key": _key(key), "value": word})
            self.fault(entry, key, "dangling", said, suggest(word, known))

    def sources(
        self, entry: Any, rules: Collection[str], documents: Collection[str], loc: tuple[Any, ...] = ()
    ) -> None:
        """Citations name rules of the rulebook and known documents; a stretch does not end before it begins."""
        one = _at(entry, loc)
        for number, rule in enumerate(one.cites):
            if rule not in rules:
                said = Said(N_("规则手册里没有 {value}"), {"value": rule})
                self.fault(entry, (*loc, "cites", number), "unknown_rule", said, suggest(rule, rules))
        if one.document not in documents:
            said = Said(N_("出处 {value} 不在文件目录中"), {"value": one.document})
            self.fault(entry, (*loc, "document"), "unknown_document", said, suggest(one.document, documents))
        if one.until is not None and one.until < one.since:
            said = Said(N_("止日 {until} 早于起日 {since}"), {"until": one.until, "since": one.since})
            self.fault(entry, (*loc, "until"), "ends_before", said, Said(N_("改正 since 或 until。")))
        for place, items in _inner(one, loc):
            for number in range(len(items)):
                self.sources(entry, rules, documents, (*place, number))

    def twice(self, owners: list[tuple[Any, tuple[Any, ...]]]) -> None:
        """One code may come again only for other days."""
        before: dict[str, list[Any]] = {}
        for entry, loc in owners:
            one = _at(entry, loc)
            for other in before.get(one.code, []):
                if one.since == other.since:
                    said = Said(N_("代码 {value} 写了两次"), {"value": one.code})
                    cure = Said(N_("删去一条，或给两条不同的起止日。"))
                    self.fault(entry, (*loc, "code"), "duplicate", said, cure)
                elif overlap(one, other):
                    given = {"value": one.code, "since": max(one.since, other.since)}
                    said = Said(N_("代码 {value} 的两条期间自 {since} 起重叠"), given)
                    cure = Said(N_("给较早的一条写 until，写到较晚一条 since 的前一天。"))
                    self.fault(entry, (*loc, "code"), "overlap", said, cure)
            before.setdefault(one.code, []).append(one)

    def spellings(self, owners: list[tuple[Any, tuple[Any, ...]]]) -> None:
        """A label or spelling must not mean two codes of one list on one day."""
        taken: dict[str, Any] = {}
        for entry, loc in owners:
            one = _at(entry, loc)
            for key, text in _names(one):
                other = taken.setdefault(plain(text), one)
                if other.code != one.code and overlap(one, other):
                    said = Said(
                        N_("“{value}”既指 {first} 又指 {second}"),
                        {"value": text, "first": other.code, "second": one.code},
                    )
                    cure = Said(N_("从其中一条删去这个写法。"))
                    self.fault(entry, (*loc, *key), "ambiguous", said, cure)

    def needed(self) -> None:
        """Codes that the programme reads by name must be there."""
        for key, codes in NEEDED.items():
            for code in codes:
                if self.lists[key] and code not in self.written[key]:
                    entry = self.lists[key][0]
                    said = Said(N_("{key} 里缺少 {value}"), {"key": key, "value": code})
                    cure = Said(N_('补上 code = "{value}" 的一条；范本见 tongwei_2015。'), {"value": code})
                    file, _ = self.tables[id(entry)].find(())
                    self.desk.fault((file, ()), "missing_code", said, cure)

    def references(self) -> None:
        for key, field, target in REFERENCES:
            if (known := self.written.get(target)) is None:  # the list itself is missing, and that has been said
                continue
            for entry in self.lists[key]:
                value = getattr(entry, field)
                for word in [value] if isinstance(value, str) else sorted(value or ()):
                    self.dangling(entry, self._place(entry, field, word), word, known)
        codes = {table.code: {item.code for item in table.items} for table in self.lists["lists"]}
        codes["cause"] = self.written.get("causes", set())
        for entry in self.lists["household_need"] + self.lists["village_need"]:
            if entry.any_of is None:
                continue
            self.dangling(entry, ("code_list",), entry.code_list or "", codes)
            for number, word in enumerate(entry.any_of):
                self.dangling(entry, ("any_of", number), word, codes.get(entry.code_list or "", {word}))

    def _place(self, entry: Any, field: str, word: str) -> tuple[Any, ...]:
        written = self.tables[id(entry)].get(field)
        if isinstance(written, list) and word in written:
            return (field, written.index(word))
        return (field, word) if isinstance(written, dict) else (field,)

    def numbers(self) -> None:
        """Numbers of one entry that contradict each other."""
        for rank in self.lists["ranks"]:
            if rank.minimum > rank.quota:
                given = {"low": rank.minimum, "high": rank.quota}
                self._contrary(rank, "minimum", Said(N_("最少户数 {low} 多于定额 {high}"), given))
        for weight in self.lists["weights"]:
            if not weight.low <= weight.value <= weight.high:
                given = {"value": weight.value, "low": weight.low, "high": weight.high}
                self._contrary(weight, "value", Said(N_("权重 {value} 不在 {low} 至 {high} 之间"), given))
        for limit in self.lists["limits"]:
            if limit.low is not None and limit.high is not None and limit.low > limit.high:
                given = {"low": limit.low, "high": limit.high}
                self._contrary(limit, "low", Said(N_("下限 {low} 高于上限 {high}"), given))

    def _contrary(self, entry: Any, key: str, said: Said) -> None:
        self.fault(entry, (key,), "contradiction", said, Said(N_("改正其中一个数。")))


def check(
    lists: Lists,
    written: Mapping[str, set[str]],
    tables: Mapping[int, Table],
    desk: Desk,
    rules: Collection[str],
    documents: Collection[str],
) -> None:
    """Every check; what is found goes to the desk."""
    checker = Checker(lists, written, tables, desk)
    for key, entries in lists.items():
        if key == "documents":  # what others cite needs no citation itself
            continue
        owners: list[tuple[Any, tuple[Any, ...]]] = [(entry, ()) for entry in entries]
        for entry in entries:
            checker.sources(entry, rules, documents)
        checker.twice(owners)
        checker.spellings(owners)
    for table in lists["lists"]:
        owners = [(table, ("items", number)) for number in range(len(table.items))]
        checker.twice(owners)
        checker.spellings(owners)
    checker.needed()
    checker.references()
    checker.numbers()


def _at(entry: Any, loc: tuple[Any, ...]) -> Any:
    for step in loc:
        entry = entry[step] if isinstance(step, int) else getattr(entry, step)
    return entry


def _inner(one: Any, loc: tuple[Any, ...]) -> Iterable[tuple[tuple[Any, ...], Any]]:
    items = getattr(one, "items", ())
    return [((*loc, "items"), items)] if isinstance(items, tuple) and items else []


def overlap(one: Any, other: Any) -> bool:
    """Whether two entries are in force on a common day."""
    return (one.until is None or other.since <= one.until) and (other.until is None or one.since <= other.until)


def _names(one: Any) -> Iterable[tuple[tuple[Any, ...], str]]:
    if not hasattr(one, "spellings"):
        return
    named = (("zh",), ("en",)) if hasattr(one, "zh") else (("label", "zh"), ("label", "en"))
    yield from zip(named, (one.label.zh, one.label.en), strict=True)
    yield from ((("spellings", number), text) for number, text in enumerate(one.spellings))


def _key(path: tuple[Any, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
