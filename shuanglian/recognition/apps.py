from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "shuanglian.recognition"
    label = "recognition"
