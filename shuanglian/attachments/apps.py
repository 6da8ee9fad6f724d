from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "shuanglian.attachments"
    label = "attachments"

    def ready(self) -> None:
        from shuanglian.areas import rehang

        from . import tasks as tasks

        rehang.register("attachments.Attachment", code_field="area_code")
