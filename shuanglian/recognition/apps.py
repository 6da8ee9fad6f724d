from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    name = "shuanglian.recognition"
    label = "recognition"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import narrowing
        from shuanglian.core import panels as places
        from shuanglian.notices.hooks import register_near
        from shuanglian.procedures import hooks
        from shuanglian.registry import leads
        from shuanglian.registry.hooks import Chapter, Follower, register_follower, register_story
        from shuanglian.trail import verbs

        from . import effects, following, leading, panels, posts, relatives, story, subjects

        hooks.register_subject("household", facts=subjects.facts, row=subjects.row, href=subjects.href,
                               check=subjects.check)  # fmt: skip
        hooks.register_subject("person", facts=subjects.facts, row=subjects.row, href=subjects.href,
                               check=subjects.check)  # fmt: skip
        hooks.register_subject("newcomer", facts=subjects.newcomer_facts, row=subjects.newcomer_row,
                               check=subjects.newcomer_check)  # fmt: skip
        for code, effect in effects.EFFECTS.items():
            hooks.register_effect(code, effect)
        narrowing.register("procedures.case", subjects.narrow)
        leads.register(leading.lead)
        hooks.register_relatives(relatives.relatives)
        hooks.register_posts(posts.posts)
        register_near(story.near)
        register_follower(Follower("recognition", following.preview, following.follow, following.undo))
        register_story(Chapter("cases", _("办理事项"), 25, story.cases))
        places.register("household", 12, panels.household_panel)
        places.register("cases", 10, panels.doors)
        rehang.register("recognition.Kin", code_field="area_code")
        for code, label in VERBS.items():
            verbs.register(code, label)


VERBS = {
    "recognition.kin.declare": _("申报亲属回避"), "recognition.kin.clear": _("核实不是亲属"),
    "recognition.kin.end": _("解除亲属申报"),
}  # fmt: skip
