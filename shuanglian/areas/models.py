"""Regions: five levels, codes with dates of force, tags (ORG-1, ORG-6, ORG-7)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.core.history import tracked

from . import names

PREFIX_LENGTHS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}  # of the 12-digit statistical code; the shape of the code, not a rule


def prefix_of(code: str, level: int) -> str:
    """The significant part of a 12-digit code: everything below a node shares it."""
    return code[: PREFIX_LENGTHS[level]]


def below(prefix: str, field: str = "area_code") -> models.Q:
    """Rows at or below a node as an index range: `>= prefix` and `< prefix:` (':' sorts after '9')."""
    return models.Q(**{f"{field}__gte": prefix, f"{field}__lt": f"{prefix}:"})


class AreaQuerySet(models.QuerySet["Area"]):
    def current(self) -> AreaQuerySet:
        """Regions whose code is in force now."""
        return self.filter(until__isnull=True)

    def on(self, day: date) -> AreaQuerySet:
        """Regions as they stood on a day, both ends in."""
        return self.filter(since__lte=day).filter(models.Q(until__isnull=True) | models.Q(until__gte=day))

    def within(self, area: Area | None) -> AreaQuerySet:
        """Areas at or below one; nobody's area is nothing."""
        return self.filter(below(area.prefix, "code")) if area else self.none()


class Area(models.Model):
    """行政区划 region of one of five levels, with the dates its code is in force (ORG-1)."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("省")
        CITY = 2, _("市（州）")
        COUNTY = 3, _("县（市、区）")
        TOWNSHIP = 4, _("乡（镇、街道）")
        VILLAGE = 5, _("村（社区）")

    class Kind(models.TextChoices):
        REAL = "real", _("实有")
        VIRTUAL = "virtual", _("市辖区（虚拟）")
        DUMMY = "dummy", _("类似居委会（虚拟）")

    code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    prefix = models.CharField(_("代码前缀"), max_length=12, db_collation="C", editable=False)
    name = models.CharField(_("名称"), max_length=80)
    short = models.CharField(_("简称"), max_length=80, db_collation="C", blank=True, editable=False)
    pinyin = models.CharField(_("拼音首字母"), max_length=80, db_collation="C", blank=True, editable=False)
    spelling = models.CharField(_("拼音"), max_length=200, db_collation="C", blank=True, editable=False)
    level = models.SmallIntegerField(_("层级"), choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上级"), related_name="children"
    )
    kind = models.CharField(_("性质"), max_length=8, choices=Kind.choices, default=Kind.REAL)
    urban_code = models.CharField(_("城乡分类代码"), max_length=3, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)
    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(until__isnull=True), name="area_one_current_per_code"
            ),
            models.UniqueConstraint(fields=["code", "since"], name="area_code_since"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="area_since_until"
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "code"], name="area_parent_code"),
            models.Index(fields=["short"], name="area_short"),
            models.Index(fields=["pinyin"], name="area_pinyin"),
            models.Index(fields=["spelling"], name="area_spelling"),
            models.Index(fields=["level", "code"], name="area_level_code"),
        ]

    class Privacy:
        personal = ()
        open = (
            "id", "code", "prefix", "name", "short", "pinyin", "spelling", "level", "parent", "kind", "urban_code",
            "lon", "lat", "since", "until",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        self.prefix = prefix_of(self.code, self.level)
        self.short = names.short_name(self.name, self.level)
        self.pinyin, self.spelling = names.initials_of(self.name), names.spelling_of(self.name)
        super().save(*args, **kwargs)

    @property
    def stands(self) -> bool:
        """Whether the code is still in force (no end set)."""
        return self.until is None

    def contains(self, other: Area) -> bool:
        """Whether another region lies at or below this one, by code."""
        return other.code.startswith(self.prefix)


SUCCESSION_WORDS = {
    "named": _("按对照表"), "renamed": _("更名"), "recoded": _("代码变更"), "moved": _("隶属变更"),
    "renumbered": _("更名并变更代码"), "merged": _("并入"),
}  # fmt: skip


class AreaSuccession(models.Model):
    """区划沿革: an old code lives on in a new one (renamed, merged, split)."""

    old = models.ForeignKey(Area, models.PROTECT, related_name="successors", verbose_name=_("原区划"))
    new = models.ForeignKey(Area, models.PROTECT, related_name="predecessors", verbose_name=_("现区划"))
    on = models.DateField(_("变更日期"))
    why = models.CharField(_("依据"), max_length=200, blank=True)
    share = models.DecimalField(_("划入比例"), max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("区划沿革")
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="area_succession_once")]

    class Privacy:
        personal = ()
        open = ("id", "old", "new", "on", "why", "share")

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    @property
    def why_label(self) -> str:
        """What happened, in the reader's language; a document named by people stands as it is."""
        return str(SUCCESSION_WORDS.get(self.why, self.why))


@tracked()
class AreaTag(models.Model):
    """区域标签: key poor county, contiguous poor area, poor village, community … (ORG-7); words from the profile."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="tags", verbose_name=_("行政区划"))
    tag = models.CharField(_("标签"), max_length=40)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("区域标签")
        constraints = [models.UniqueConstraint(fields=["area", "tag", "since"], name="area_tag_once")]
        indexes = [models.Index(fields=["tag", "area"], name="area_tag_area")]

    class Privacy:
        personal = ()
        open = ("id", "area", "tag", "since", "until", "source")

    def __str__(self) -> str:
        return self.tag
