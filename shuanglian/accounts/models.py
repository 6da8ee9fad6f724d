"""People who log in: one role, bound to one region (and, above, to a unit or a cadre)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """用户 someone who logs in. The role's rights stand in the profile (roles.toml); the region bounds what is seen."""

    role = models.CharField(_("角色"), max_length=30)
    area = models.ForeignKey("areas.Area", models.PROTECT, null=True, blank=True, verbose_name=_("管辖区域"))
    full_name = models.CharField(_("姓名"), max_length=40, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    last_seen_at = models.DateTimeField(_("最近活动"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    class Privacy:
        personal = ("first_name", "last_name", "email", "full_name", "password")
        open = (
            "id", "username", "role", "area", "language", "must_change_password", "last_seen_at", "last_login",
            "is_superuser", "is_staff", "is_active", "date_joined", "groups", "user_permissions",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.full_name or self.username

    def may(self, permission: str) -> bool:
        """Whether the role holds a permission (rights.may)."""
        from .rights import may

        return may(self, permission)
