"""`shuanglian profile …`: check a profile folder, show what a profile says. Needs no database."""

import json
from pathlib import Path

import click

from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said

from .profile import Fault, Profile, ProfileErrors, ProfileUnreadable, load

CLEAN, FAULTY, UNREADABLE = 0, 1, 2

_lang = click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en; default: LANG, else zh.")
_json = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@click.group()
def profile() -> None:
    """方案：检查与查看。 Programme profiles: check and show."""


@profile.command()
@click.argument("folder")
@_lang
@_json
@click.pass_context
def check(context: click.Context, folder: str, lang: str | None, as_json: bool) -> None:
    """检查方案文件夹或内置方案。 Check a profile folder or a built-in profile by name.

    Prints each fault as `file:line: what — cure`. Exit status 0 clean, 1 faults, 2 unreadable.
    """
    lang = language(lang)
    try:
        checked = load(folder)
    except ProfileErrors as errors:
        print_faults(errors.faults, lang, as_json)
        context.exit(UNREADABLE if isinstance(errors, ProfileUnreadable) else FAULTY)
    if as_json:
        click.echo(_as_json({"profile": checked.name, "faults": []}))
    else:
        given = {"name": checked.name, "title": checked.title(lang)}
        click.echo(speak(Said(N_("{name}（{title}）没有问题。"), given), lang))


@profile.command()
@click.argument("name")
@_lang
@_json
@click.pass_context
def show(context: click.Context, name: str, lang: str | None, as_json: bool) -> None:
    """查看方案要点。 Show what a profile says, in brief."""
    lang = language(lang)
    try:
        shown = load(name)
    except ProfileErrors as errors:
        print_faults(errors.faults, lang, as_json)
        context.exit(UNREADABLE if isinstance(errors, ProfileUnreadable) else FAULTY)
    click.echo(_as_json(_brief(shown, lang)) if as_json else _told(shown, lang))


def print_faults(faults: tuple[Fault, ...], lang: str, as_json: bool) -> None:
    """Every fault as `file:line: what — cure`, or as JSON."""
    if as_json:
        found = [
            {
                "file": _short(fault.file),
                "line": fault.line,
                "key": fault.key,
                "code": fault.code,
                "message": speak(fault.said, lang),
                "cure": speak(fault.cure, lang),
            }
            for fault in faults
        ]
        click.echo(_as_json({"profile": None, "faults": found}))
        return
    for fault in faults:
        place = f"{_short(fault.file)}:{fault.line}" if fault.line else _short(fault.file)
        click.echo(f"{place}: {speak(fault.said, lang)} — {speak(fault.cure, lang)}")
    click.echo(speak(Said(N_("共 {count} 处问题。"), {"count": len(faults)}), lang))


def _short(file: Path) -> str:
    """A path from here when the file lies below here, else the whole path."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _brief(shown: Profile, lang: str) -> dict[str, object]:
    return {
        "name": shown.name,
        "title": shown.title(lang),
        "year": shown.year,
        "area_code": shown.area_code,
        "ranks": [
            {"code": code, "label": rank.label.in_(lang), "minimum": rank.minimum, "quota": rank.quota,
             "since": rank.since, "cites": list(rank.cites), "document": rank.document}
            for code, rank in shown.ranks.items()
        ],
        "exempt": [shown.codes["occupation"].label(code, lang) for code in sorted(shown.exempt_occupations)],
        "causes": len(shown.causes),
        "code_lists": {name: len(codes) for name, codes in shown.codes.items()},
        "weights": {code: weight.value for code, weight in shown.pairing.weights.items()},
        "roles": {code: sorted(role.may) for code, role in shown.roles.items()},
    }  # fmt: skip


def _told(shown: Profile, lang: str) -> str:
    heads = {key: speak(Said(word), lang) for key, word in _HEADS.items()}
    lines = [f"{shown.title(lang)}  [{shown.name}, {shown.year}, {shown.area_code}]", "", heads["ranks"]]
    for rank in shown.ranks.values():
        given = {"low": rank.minimum, "high": rank.quota, "document": shown.documents[rank.document].title}
        told = speak(Said(N_("{low} 至 {high} 户（{document}）"), given), lang)
        lines.append(f"  {rank.label.in_(lang)}  {told}")
    exempt = (shown.codes["occupation"].label(code, lang) for code in sorted(shown.exempt_occupations))
    lines += ["", heads["exempt"], "  " + ", ".join(exempt), "", heads["weights"]]
    lines += [
        f"  {weight.label.in_(lang)}: {weight.value} {weight.unit.in_(lang)}"
        for weight in shown.pairing.weights.values()
    ]
    lines += ["", heads["roles"]]
    lines += [f"  {role.label.in_(lang)}: {', '.join(sorted(role.may))}" for role in shown.roles.values()]
    return "\n".join(lines)


_HEADS = {"ranks": N_("联户数"), "exempt": N_("不联户"), "weights": N_("目标函数权重"), "roles": N_("角色与权限")}
