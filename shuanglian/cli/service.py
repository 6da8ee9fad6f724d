"""Running the product: database, server, worker, demo."""

import os
import shutil
import sys

import click

from shuanglian import devdb

from .main import django_ready, var_folder


@click.group()
def db() -> None:
    """The embedded database; with DATABASE_URL set these do nothing."""


@db.command("start")
def db_start() -> None:
    started = devdb.ensure(var_folder() / "db")
    click.echo("started 已启动" if started else "already running, or DATABASE_URL is set 已在运行或使用外部数据库")


@db.command("stop")
def db_stop() -> None:
    devdb.Server(var_folder() / "db").stop()


@db.command("url")
def db_url() -> None:
    click.echo(os.environ.get("DATABASE_URL") or devdb.conninfo(var_folder() / "db"))


def make_ready(*, quiet: bool = False) -> None:
    """Apply what migrations are open and load the shipped region table where there is none (safe to run again)."""
    from shuanglian.core import messages
    from shuanglian.web import tables

    for room in messages.rooms():
        messages.compile_room(room)
    tables.ensure(begins=lambda: None if quiet else click.echo("Making the tables 建立数据表 …"))
    _regions(quiet)


def _regions(quiet: bool) -> None:
    from shuanglian.areas.actions.regions import ensure_shipped
    from shuanglian.core.clock import now

    if ensure_shipped(at=now()) and not quiet:
        click.echo("Loaded the region table 已载入行政区划表（甘肃 2016）")


@click.command()
def setup() -> None:
    """Make the database ready: tables, row policies, region table."""
    devdb.ensure(var_folder() / "db")
    django_ready(database=False)
    make_ready()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=int, help="default: PORT or 8000")
def serve(host: str, port: int | None) -> None:
    """Run server, worker and (without DATABASE_URL) the embedded database until Ctrl-C."""
    from .supervise import run

    devdb.ensure(var_folder() / "db")
    django_ready(database=False)
    make_ready()
    run(host=host, port=port or _port())


@click.command()
def worker() -> None:
    """Run background jobs until Ctrl-C."""
    devdb.ensure(var_folder() / "db")
    django_ready(database=False)
    from shuanglian.jobs import worker as jobs_worker

    jobs_worker.run()


@click.command()
@click.option("--port", default=None, type=int, help="default: PORT or 8000")
@click.option("--load-only", is_flag=True, help="load the county and stop 只载入数据")
@click.option("--small", is_flag=True, help="some 400 households instead of 20,000 小规模")
def demo(port: int | None, load_only: bool, small: bool) -> None:
    """Load the demo county (synthetic people), run the pairing, serve on loopback."""
    os.environ.setdefault("SHUANGLIAN_DEMO", "1")
    from .supervise import refuse_busy_port, run

    chosen = port or _port()
    if not load_only:
        refuse_busy_port(chosen)
    devdb.ensure(var_folder() / "db")
    django_ready(database=False)
    make_ready()
    from shuanglian.demo.county import SMALL
    from shuanglian.demo.load import ensure_loaded, guide

    ensure_loaded(say=click.echo, size=SMALL if small else None)
    if load_only:
        return
    run(host="127.0.0.1", port=chosen, greeting=guide())


@click.command("demo-reset")
def demo_reset() -> None:
    """Throw the embedded database and the demo's files away; keys and an external database stay."""
    from .supervise import stop_running

    stop_running()
    server = devdb.Server(var_folder() / "db")
    server.stop()
    for name in ("db", "files", "demo", "tmp"):
        shutil.rmtree(var_folder() / name, ignore_errors=True)
    click.echo("The next `make demo` begins anew 演示数据已清除，下次 make demo 重新开始")


@click.command()
@click.argument("username")
@click.option("--area", default=None, help="region code; default: the whole table 区划代码")
@click.option("--role", default="administrator")
def admin(username: str, area: str | None, role: str) -> None:
    """Make the first account of an installation; prints a password to be changed at the first log-in."""
    devdb.ensure(var_folder() / "db")
    django_ready(database=False)
    make_ready(quiet=True)
    from shuanglian.accounts.actions.users import temporary_password
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

    where = (
        Area.objects.current().filter(code=area) if area else Area.objects.current().filter(level=1).order_by("code")
    )
    if not where:
        raise click.ClickException(f"no region {area} 没有这个区划代码")
    if User.objects.filter(username=username).exists():
        raise click.ClickException(f"{username} exists already 已有同名账户")
    password = temporary_password()
    user = User(username=username, role=role, area=where[0], must_change_password=True)
    user.set_password(password)
    user.save()
    click.echo(f"{username}  {password}")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Django's own commands."""
    devdb.ensure(var_folder() / "db")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shuanglian manage", *args])


def _port() -> int:
    value = os.environ.get("PORT", "8000")
    if not value.isdigit() or not 0 < int(value) < 65536:
        click.echo(f"PORT={value!r} is no port number 不是有效端口", err=True)
        sys.exit(2)
    return int(value)
