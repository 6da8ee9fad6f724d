"""The addresses of this room. allauth's own names stay as they are: its code looks them up."""

from django.urls import include, path

from . import doors, views

own = [
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
    path("users/", views.users, name="users"),
    path("users/new/", views.new_user, name="new_user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/lock/", views.lock, name="lock"),
    path("users/<int:pk>/unlock/", views.unlock, name="unlock"),
    path("users/<int:pk>/password/", views.reset_password, name="reset_password"),
    path("users/<int:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
]
urlpatterns = [
    path("login/", doors.login, name="account_login"),
    path("logout/", doors.logout, name="account_logout"),
    path("inactive/", doors.inactive, name="account_inactive"),
    path("reauthenticate/", doors.reauthenticate, name="account_reauthenticate"),
    path("password/", doors.change_password, name="account_change_password"),
    path("second/", doors.second_factor, name="mfa_index"),
    path("second/enter/", doors.enter_code, name="mfa_authenticate"),
    path("second/again/", doors.enter_code_again, name="mfa_reauthenticate"),
    path("second/activate/", doors.activate, name="mfa_activate_totp"),
    path("second/deactivate/", doors.deactivate, name="mfa_deactivate_totp"),
    path("second/codes/", doors.recovery_codes, name="mfa_view_recovery_codes"),
    path("second/codes/new/", doors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("", include((own, "accounts"))),
]
