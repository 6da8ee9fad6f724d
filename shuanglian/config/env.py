"""Typed reading of settings from the environment; `NAME_FILE` names a file that holds the value."""

import os
from pathlib import Path


def text(name: str, default: str | None = None) -> str:
    """The value of a variable, or of the file that NAME_FILE points to; missing without default stops the start."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"{name} is not set 未设置环境变量 {name}: see docs/settings.md 见 docs/settings.md")
    return value


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise SystemExit(f"{name}={value!r} must be a whole number 应为整数") from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, kept_in: Path) -> str:
    """A key from the environment; without one, one made for this checkout and kept, readable by its owner only."""
    import secrets

    if os.environ.get(name) or os.environ.get(f"{name}_FILE"):
        return text(name)
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        draft = kept_in.with_name(f"{kept_in.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        try:
            os.link(draft, kept_in)  # the first process wins, so two starting together agree
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept_in.read_text(encoding="utf-8").strip()
