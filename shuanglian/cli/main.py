"""One command with many verbs; each room brings its own, loaded only when asked for."""

import importlib
import os
import sys
from pathlib import Path

import click

# name → (module, attribute, one line of help); a module is imported when its command is used
ROOM_COMMANDS = {
    "benefits": ("shuanglian.benefits.commands", "benefits", "应享核查 find what families are owed"),
    "demands": ("shuanglian.grievances.commands", "demands", "群众诉求：收电子来信 demands: take in letters by e-mail"),
    "scrutiny": (
        "shuanglian.demo.commands",
        "scrutiny",
        "走访核实：用编造的走访试查准率、查全率（不需数据库）scrutiny of visits tried on made-up ones",
    ),
    "lookback": (
        "shuanglian.lookback.commands",
        "lookback",
        "回头看：重算抽查、区间、样本量（不需数据库）look-back: repeat a draw, intervals, sample sizes",
    ),
    "match": (
        "shuanglian.matching.commands",
        "match",
        "运输与指派问题求最优 solve any transportation or assignment problem",
    ),
    "measure": (
        "shuanglian.measures.commands",
        "measure",
        "贫困与不平等指标 poverty and inequality measures of a file",
    ),
    "pair": (
        "shuanglian.pairing.commands",
        "pair",
        "名册结对（不需数据库）pair rosters from files, without a database",
    ),
    "rule": ("shuanglian.rules.rule_commands", "rule", "试算规则 try the rules' conditions"),
    "profile": ("shuanglian.rules.commands", "profile", "检查方案 check a programme profile"),
    "import": ("shuanglian.cli.imports", "imports", "导入名册 import rosters and regions"),
    "template": ("shuanglian.sheets.commands", "template", "空白名册模板 an empty roster template"),
    "templates": ("shuanglian.cli.imports", "templates", "全部空白模板 all empty templates into a folder"),
    "trail": ("shuanglian.trail.commands", "trail", "核验留痕 verify the trail"),
    "db": ("shuanglian.cli.service", "db", "内置数据库 the embedded database"),
    "setup": ("shuanglian.cli.service", "setup", "建库并升级 make the database ready"),
    "serve": ("shuanglian.cli.service", "serve", "启动服务 run the product"),
    "worker": ("shuanglian.cli.service", "worker", "后台任务 run background jobs"),
    "demo": ("shuanglian.cli.service", "demo", "演示县 load the demo county and serve"),
    "demo-reset": ("shuanglian.cli.service", "demo_reset", "清除演示数据 throw the demo data away"),
    "admin": ("shuanglian.cli.service", "admin", "建立管理员 make the first administrator"),
    "manage": ("shuanglian.cli.service", "manage", "Django 管理命令 Django's own commands"),
}
NEEDS_DATABASE = {"benefits", "demands", "import", "trail"}


class Rooms(click.Group):
    """Commands that live in the rooms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(ROOM_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in ROOM_COMMANDS:
            return None
        module, attribute, _help = ROOM_COMMANDS[name]
        if name in NEEDS_DATABASE or module.startswith(
            ("shuanglian.sheets", "shuanglian.trail", "shuanglian.cli.imports")
        ):
            django_ready(database=name in NEEDS_DATABASE and not {"--help", "-h"} & set(sys.argv))
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands 命令"):
            formatter.write_dl([(name, ROOM_COMMANDS[name][2]) for name in self.list_commands(ctx)])


def django_ready(*, database: bool) -> None:
    """Set Django up; with `database`, the embedded server is up and the tables are as this version wants them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
    from shuanglian import devdb

    if database:
        devdb.ensure(var_folder() / "db")
    import django

    django.setup()
    if database:
        from .service import make_ready

        make_ready(quiet=True)


def var_folder() -> Path:
    """Where this installation keeps database, keys and files (SHUANGLIAN_VAR)."""
    return Path(os.environ.get("SHUANGLIAN_VAR") or Path(__file__).resolve().parents[2] / "var")


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shuanglian")
def main() -> None:
    """双联 Shuanglian：从名册到结对。"""
