"""Verbs of the trail in words. Rooms may add their own: `register("pairing.confirm", _("确认结对方案"))`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_labels: dict[str, Any] = {
    "look": _("查看完整号码"),
    "accounts.login": _("登录"),
    "accounts.logout": _("退出登录"),
    "accounts.login_failed": _("登录失败"),
    "accounts.password": _("修改密码"),
    "accounts.open": _("建立账户"),
    "accounts.change": _("修改账户"),
    "accounts.lock": _("停用账户"),
    "accounts.unlock": _("启用账户"),
    "accounts.reset_password": _("重置密码"),
    "accounts.reset_second_factor": _("解除第二验证"),
    "accounts.second_factor_on": _("开启第二验证"),
    "accounts.second_factor_off": _("关闭第二验证"),
    "accounts.second_factor_renewed": _("更换备用码"),
    "jobs.start": _("开始任务"),
    "jobs.cancel": _("要求取消任务"),
    "jobs.retry": _("重新开始任务"),
    "jobs.fetch": _("下载任务文件"),
    "jobs.done": _("任务完成"),
    "jobs.failed": _("任务失败"),
    "jobs.cancelled": _("任务已取消"),
}


def register(verb: str, label: Any) -> None:
    """Name a verb for the pages of the trail; `label` is a lazy translation."""
    _labels[verb] = label


def label(verb: str) -> str:
    return str(_labels.get(verb, ""))
