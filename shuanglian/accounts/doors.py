"""The log-in pages: allauth's flows with our templates. Only these are mounted: no sign-up, no e-mail, no reset."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST


class PasswordChange(account.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("web:home")


class EnterCode(mfa.AuthenticateView):
    """The second step of a log-in; wrong codes count as failed log-ins and lock as they do (axes)."""

    template_name = "accounts/enter_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = {"username": self.stage.login.user.username}
        if not AxesProxyHandler.is_allowed(request, name):
            return get_lockout_response(request, credentials=name)
        return super().post(request, *args, **kwargs)


login = account.LoginView.as_view(template_name="accounts/login.html")
logout = require_POST(account.LogoutView.as_view())
inactive = account.AccountInactiveView.as_view(template_name="accounts/inactive.html")
reauthenticate = account.ReauthenticateView.as_view(template_name="accounts/again.html")
change_password = PasswordChange.as_view()
second_factor = mfa.IndexView.as_view(template_name="accounts/second.html")
enter_code = EnterCode.as_view()
enter_code_again = mfa.ReauthenticateView.as_view(template_name="accounts/again_code.html")
activate = totp.ActivateTOTPView.as_view(template_name="accounts/second_on.html")
deactivate = totp.DeactivateTOTPView.as_view(template_name="accounts/second_off.html")
recovery_codes = codes.ViewRecoveryCodesView.as_view(template_name="accounts/codes.html")
new_recovery_codes = codes.GenerateRecoveryCodesView.as_view(template_name="accounts/codes_new.html")
