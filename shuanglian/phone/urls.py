"""The addresses of the phone: its shell, what it asks of the server, pages about phones for the office."""

from django.urls import path

from .views import api, conflicts, devices, shell

app_name = "phone"
urlpatterns = [
    path("", shell.app, name="app"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("a/<str:version>/<str:name>", shell.part, name="part"),
    path("api/hello/", api.hello, name="hello"),
    path("api/enrol/", api.enrol, name="enrol"),
    path("api/state/", api.state, name="state"),
    path("api/ops/", api.ops, name="ops"),
    path("api/photos/<uuid:operation>/", api.photo, name="photo"),
    path("api/leave/", api.leave, name="leave"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<uuid:device_id>/", devices.device, name="device"),
    path("devices/<uuid:device_id>/lock/", devices.lock, name="lock"),
    path("devices/<uuid:device_id>/unlock/", devices.unlock, name="unlock"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/<int:conflict_id>/settle/", conflicts.settle, name="settle"),
]
