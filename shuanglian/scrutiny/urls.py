"""The addresses of scrutiny."""

from django.urls import path

from .views import call_backs, flags

app_name = "scrutiny"
urlpatterns = [
    path("", flags.flags, name="flags"),
    path("mine/", flags.mine, name="mine"),
    path("doubts/<int:flag_id>/", flags.flag, name="flag"),
    path("doubts/<int:flag_id>/answer/", flags.answer, name="answer"),
    path("doubts/<int:flag_id>/decide/", flags.decide, name="decide"),
    path("call-backs/", call_backs.draws, name="draws"),
    path("call-backs/draw/", call_backs.draw_now, name="draw_now"),
    path("call-backs/<int:draw_id>/", call_backs.draw, name="draw"),
    path("call-backs/<int:draw_id>/frame/", call_backs.frame, name="frame"),
    path("call-backs/ask/<int:call_back_id>/", call_backs.ask, name="ask"),
]
