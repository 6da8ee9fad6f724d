from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrievancesConfig(AppConfig):
    name = "shuanglian.grievances"
    label = "grievances"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.fieldwork import hooks as fieldwork
        from shuanglian.notifications.templates import Template, register
        from shuanglian.procedures import hooks as procedures
        from shuanglian.registry.hooks import Chapter, Follower, register_follower, register_story
        from shuanglian.trail import verbs

        from . import chapters, following, panels, panels_public, taking_ready
        from . import tasks as tasks
        from .actions import coming, filing

        fieldwork.on_asks(coming.from_asks)
        procedures.register_after(filing.after)
        menu.register_group("grievances", menu.Group(_("群众诉求"), 42, "flag"))
        menu.register(menu.Item(_("诉求台账"), "grievances:ledger", "grievances.view", 41, "flag", "grievances"))
        menu.register(menu.Item(_("诉求集中"), "grievances:heat", "grievances.view", 43, "map", "grievances"))
        for page, order in (("home", 20), ("household", 33), ("area", 47)):
            places.register(page, order, getattr(panels, f"{page}_panel"))
        places.register("family_card", 5, panels_public.card_panel)
        places.register("board", 40, panels_public.board_panel)
        places.register("area", 48, panels_public.poster_panel)
        register_story(Chapter("grievances", _("诉求"), 38, chapters.story))
        register_follower(Follower("grievances", following.preview, following.follow, following.undo))
        register(Template(
            "grievances.due", _("诉求快到期"), _("有 {soon} 条诉求快到期"),
            _("有 {soon} 条诉求明天以前到期。到期没有答复，会自动转到上一级。"),
        ))  # fmt: skip
        register(Template(
            "grievances.late", _("诉求已超期"), _("有 {late} 条诉求已超期"),
            _("有 {late} 条诉求已超期，{soon} 条快到期。没有答复的会自动转到上一级。"),
        ))  # fmt: skip
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("grievances.Demand", "village", "area_code")
        for model in ("Step", "Answer", "Reply", "Desk"):
            rehang.register(f"grievances.{model}", code_field="area_code")
        taking_ready.register()


VERBS = {
    "grievances.raise": _("登记诉求"), "grievances.release": _("受理筛查过的诉求"),
    "grievances.refuse": _("不受理（不是诉求）"), "grievances.sort": _("改诉求类别"), "grievances.join": _("诉求并案"),
    "grievances.part": _("取消并案"), "grievances.note": _("登记办理情况"), "grievances.pass_up": _("诉求上报"),
    "grievances.send_back": _("诉求退回下级"), "grievances.move": _("诉求转部门"),
    "grievances.climb": _("诉求逾期上转"),
    "grievances.remind": _("诉求到期提醒"), "grievances.answer": _("答复诉求"), "grievances.tell": _("告知答复"),
    "grievances.word": _("登记群众意见"), "grievances.silence": _("到期没有回话"),
    "grievances.desk": _("指定部门经办人"),
    "grievances.open": _("由诉求另立一件事"), "grievances.export": _("导出诉求台账"),
}  # fmt: skip
