from django.apps import AppConfig


class SafeFitConfig(AppConfig):
    name = "safefit"
    verbose_name = "SafeFit"
