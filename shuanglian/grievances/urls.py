"""The addresses of demands, for those who log in."""

from django.urls import path

from .views import acts, demand, desks, ledgers, mails, sifting, taking
from .views.common import with_ladder

app_name = "grievances"
urlpatterns = [
    path("", ledgers.ledger, name="ledger"),
    path("heat/", ledgers.heat, name="heat"),
    path("month/", ledgers.month, name="month"),
    path("export/", ledgers.export, name="export"),
    path("ladder/", ledgers.ladder, name="ladder"),
    path("held/", sifting.held, name="held"),
    path("hotline/", taking.hotline, name="hotline"),
    path("hotline/who/", taking.who, name="who"),
    path("hotline/beside/", taking.beside, name="beside"),
    path("paper/", taking.paper, name="paper"),
    path("paper/blank/", taking.blank, name="blank"),
    path("for/", taking.speak, name="speak"),
    path("mail/", mails.mails, name="mails"),
    path("mail/<uuid:mail_id>/", mails.mail, name="mail"),
    path("mail/<uuid:mail_id>/file/<int:place>/", mails.file, name="mail_file"),
    path("desks/", desks.desks, name="desks"),
    path("desks/<int:desk_id>/end/", desks.end, name="end_desk"),
    path("<int:demand_id>/", demand.page, name="demand"),
    path("<int:demand_id>/file/<int:file_id>/", demand.file, name="file"),
    path("<int:demand_id>/phone/", demand.phone, name="phone"),
    path("<int:demand_id>/solved/", acts.solved, name="solved"),
    path("<int:demand_id>/explained/", acts.explained, name="explained"),
    path("<int:demand_id>/up/", acts.up, name="up"),
    path("<int:demand_id>/back/", acts.back, name="back"),
    path("<int:demand_id>/move/", acts.move, name="move"),
    path("<int:demand_id>/note/", acts.note, name="note"),
    path("<int:demand_id>/sort/", acts.sort, name="sort"),
    path("<int:demand_id>/join/", acts.join, name="join"),
    path("<int:demand_id>/part/", acts.part, name="part"),
    path("<int:demand_id>/wait/", acts.wait, name="wait"),
    path("<int:demand_id>/tell/", acts.tell, name="tell"),
    path("<int:demand_id>/word/", acts.word, name="word"),
]
for one in urlpatterns:
    one.callback = with_ladder(one.callback)
