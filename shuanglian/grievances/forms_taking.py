"""Forms of clerks who write down what others ask: what the words or the register tell is not asked (VOICE-1, FIELD-6).

docs/burden.md says how many fields each has; a test counts them and holds them against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuanglian.attachments.forms import SCANS, EvidenceField, SeveralFiles
from shuanglian.attachments.reading import read
from shuanglian.core.forms import translated
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import queries_taking as asked
from .actions.demands import LONGEST_NAME, LONGEST_PHONE
from .models import Demand, Reply

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LONG = 10_000  # what is longer is refused by the verb, in words
URGENT = "urgent"
UNKNOWN = N_("没有这个查询号，也找不到这一户。请核对；安全信件的号请到信件查询页查。")
PHONE = re.compile(r"\+?\d[\d\s-]{5,}\d")


class WhoBox(forms.Widget):
    """One box for a household or a village, found while one types; without scripts the text alone is enough."""

    use_fieldset = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str] | None:
        """(code chosen from the list, text in the box)."""
        if name not in data and f"{name}_text" not in data:
            return None
        code, text = (str(data.get(key) or "").replace("\0", "").strip() for key in (name, f"{name}_text"))
        return code, text

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def id_for_label(self, id_: str) -> str:
        return id_

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        told = (value.code, value.told) if isinstance(value, asked.Who) else value or ("", "")
        extra = self.build_attrs(self.attrs, attrs)
        return render_to_string("grievances/parts/who.html", {
            "name": name, "code": told[0], "text": told[1], "id": extra.pop("id", f"id_{name}"),
            "required": self.is_required, "extra": extra.items(),
        })  # fmt: skip


class WhoField(forms.Field):
    """Cleans to a Who: set `actor` per request. Several that fit are told, to be chosen from."""

    widget = WhoBox
    actor: User | None = None

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> asked.Who | None:
        code, text = value if isinstance(value, tuple) else ("", "")
        if self.actor is None or not (code or text):
            return None
        chosen = asked.by_code(code, seen_by=self.actor) if code else None
        if chosen is not None and text in ("", chosen.told):
            return chosen
        found = asked.who(text, seen_by=self.actor)
        same = [one for one in found if text in (one.told, one.area.code, one.household and one.household.number)]
        found = same if len(same) == 1 else found
        if not found:
            raise ValidationError(gettext("找不到“{text}”：请写户主姓名、户编号，或者村名。").format(text=text[:40]))
        if len(found) > 1:
            places = "；".join(f"{one.told}（{one.beside}）" for one in found[:4])
            raise ValidationError(
                gettext("“{text}”不止一个，请选一个或写得更全：{places}").format(text=text[:40], places=places)
            )
        return found[0]


class ScansField(EvidenceField):
    """Photos and scans; each is looked at here, so that a bad one is named at its field, with what to do instead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accept=SCANS, widget=SeveralFiles, attrs={"multiple": True}, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        terms = active().grievances.terms
        if len(given) > terms.files:
            raise ValidationError(gettext("附件最多 {most} 个").format(most=terms.files))
        kept, wrong = [], []
        for one in given:
            try:
                kept.append(self._read(one, initial, terms.file_mb))
            except ValidationError as error:
                wrong += [gettext("“{file}”：{why}").format(file=one.name[-40:], why=why) for why in error.messages]
        if wrong:
            raise ValidationError(wrong)
        return kept

    def _read(self, one: Any, initial: Any, most_mb: int) -> bytes:
        checked = super().clean(one, initial)
        if checked.size > most_mb * 1024 * 1024:
            raise ValidationError(gettext("附件太大：每个最多 {most} MB").format(most=most_mb))
        try:
            return read(checked.read()).data
        except Refusal as refusal:
            raise ValidationError(translated(refusal.said)) from None


class TakeForm(forms.Form):
    """A call, while the person speaks: five fields, of which two must be filled in. `key`: sent twice, kept once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    who = WhoField(label=_("谁、哪个村"), help_text=_("户主姓名、拼音首字母、户编号或村名；也可以“村名 姓名”。"))
    text = forms.CharField(label=_("说了什么"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}),
                           help_text=_("照原话记。"))  # fmt: skip
    category = forms.ChoiceField(label=_("类别"), required=False)
    urgent = forms.ChoiceField(label=_("急不急"), required=False)
    contact = forms.CharField(
        label=_("姓名、电话"), required=False, max_length=80, help_text=_("只有不在册的人才问；不愿意说就空着。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    join = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        programme, lang = active().grievances, language()
        self.fields["who"].actor = actor  # type: ignore[attr-defined]
        categories = [(code, one.plain.in_(lang)) for code, one in programme.categories.items()]
        self.fields["category"].choices = [("", gettext("按内容定")), *categories]  # type: ignore[attr-defined]
        nevers = [(code, one.plain.in_(lang)) for code, one in programme.nevers.items()]
        self.fields["urgent"].choices = [("", gettext("按内容定")), (URGENT, gettext("急")), *nevers]  # type: ignore[attr-defined]

    def asked(self) -> list[forms.BoundField]:
        """What the page shows one below the other."""
        return list(self.visible_fields())

    def clean_contact(self) -> str:
        name, phone = parted(self.cleaned_data["contact"])
        if len(name) > LONGEST_NAME or len(phone) > LONGEST_PHONE:
            raise ValidationError(gettext("姓名或电话太长"))
        return str(self.cleaned_data["contact"])

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        clean = self.cleaned_data
        name, phone = parted(clean["contact"])
        urgent = clean["urgent"]
        return {
            "key": clean["key"], "text": clean["text"], "area": clean["who"].area, "household": clean["who"].household,
            "category": clean["category"], "never": "" if urgent == URGENT else urgent, "urgent": urgent == URGENT,
            "name": name, "phone": phone, "join": clean["join"],
        }  # fmt: skip


def parted(contact: str) -> tuple[str, str]:
    """张三 139 0000 1111 → name and number."""
    found = PHONE.search(contact)
    if found is None:
        return contact.strip(), ""
    rest = f"{contact[: found.start()]} {contact[found.end() :]}"
    return " ".join(rest.replace("，", " ").replace(",", " ").split()), found[0]


class PaperForm(TakeForm):
    """A letter or a paper form: the same, with the day on the paper and its scan."""

    on = forms.DateField(label=_("纸上的日期"), required=False,
                         widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    scans = ScansField(label=_("扫描件或照片"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        terms = active().grievances.terms
        self.fields["text"].label = gettext("写了什么")
        words = gettext("最多 {count} 个，每个不超过 {mb} MB，JPG、PNG、WEBP 照片或 PDF。")
        self.fields["scans"].help_text = words.format(count=terms.files, mb=terms.file_mb)

    def told(self) -> dict[str, Any]:
        return {**super().told(), "on": self.cleaned_data["on"], "files": self.cleaned_data["scans"]}


class FindForm(forms.Form):
    """Whom somebody speaks for: the number on his slip, or the household."""

    who = forms.Field(
        label=_("查询号，或户主姓名、户编号"), widget=WhoBox,
        help_text=_("查询号就是提的时候念给他的那个号，例如 K7QM2-3T9XP。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_who(self) -> str:
        """A number, or the code of a household: what `to_speak_for` takes."""
        code, text = self.cleaned_data["who"]
        if not text or asked.is_number(text):
            return str(text or code)
        homes = [one for one in asked.who(text, seen_by=self.actor) if one.household]
        chosen = [one for one in homes if one.code == code and one.told == text] or homes
        if not chosen:
            raise ValidationError(gettext(UNKNOWN))
        if len(chosen) > 1:
            places = "；".join(f"{one.told}（{one.beside}）" for one in chosen[:4])
            raise ValidationError(
                gettext("“{text}”不止一个，请选一个或写得更全：{places}").format(text=text[:40], places=places)
            )
        return chosen[0].code

    def typed(self) -> str:
        """What keeps the found demands on the page; the number stays with whoever typed it."""
        return str(self.cleaned_data.get("who", "")) if self.is_bound and self.is_valid() else ""

    def demands(self, *, on: date) -> list[Demand]:
        """Those that may be spoken for; an error at the field when there are none."""
        found = asked.to_speak_for(self.cleaned_data["who"], seen_by=self.actor, on=on)
        if not found:
            nobody, nothing = gettext(UNKNOWN), gettext("这一户没有正在办或刚办完的诉求。")
            self.add_error("who", nobody if asked.is_number(self.cleaned_data["who"]) else nothing)
        return found


class SpeakForm(forms.Form):
    """What somebody says to the answer to his demand, written down by another."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    demand = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    how = forms.ChoiceField(label=_("答复是怎样告诉他的"))
    word = forms.ChoiceField(label=_("他认不认可"), required=False)
    score = forms.TypedChoiceField(label=_("打分"), required=False, coerce=int, empty_value=None)
    said = forms.CharField(label=_("他的话"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))
    more = forms.CharField(label=_("他要补充的事"), required=False, max_length=LONG,
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, untold: bool, waits: bool, over: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        best = active().grievances.terms.score
        hows = [one for one in Reply.How.choices if one[0] != Reply.How.PAGE]
        self.fields["how"].choices = [("", "—"), *hows]  # type: ignore[attr-defined]
        self.fields["word"].choices = [("", gettext("还没说")), ("yes", gettext("认可")), ("no", gettext("不认可"))]  # type: ignore[attr-defined]
        self.fields["score"].choices = [("", "—"), *((n, str(n)) for n in range(best, 0, -1))]  # type: ignore[attr-defined]
        if not untold:
            del self.fields["how"]
        if not waits:
            del self.fields["word"], self.fields["score"], self.fields["said"]
        if over:
            del self.fields["more"]

    def asked(self) -> list[forms.BoundField]:
        return list(self.visible_fields())

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        clean, word = self.cleaned_data, self.cleaned_data.get("word", "")
        return {
            "key": clean["key"], "how": clean.get("how", ""), "yes": word == "yes" if word else None,
            "said": clean.get("said", ""), "score": clean.get("score") if word else None, "more": clean.get("more", ""),
        }  # fmt: skip


class SortMailForm(forms.Form):
    """A letter by e-mail whose place was not found: where it belongs and what it is about, or why it is no demand."""

    who = WhoField(label=_("谁、哪个村"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    urgent = forms.ChoiceField(label=_("急不急"), required=False)
    why = forms.CharField(label=_("不是诉求的，写明为什么"), required=False, max_length=200)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        like = TakeForm(actor=actor)
        for name in ("who", "category", "urgent"):
            required = self.fields[name].required
            self.fields[name] = like.fields[name]
            self.fields[name].required = required

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if "who" not in self.errors and bool(clean.get("who")) == bool((clean.get("why") or "").strip()):
            raise ValidationError(gettext("请选谁、哪个村；不是诉求的，写明为什么。两样只填一样。"))
        return clean
