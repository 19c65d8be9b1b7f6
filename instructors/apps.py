from django.apps import AppConfig


class InstructorsConfig(AppConfig):
    name = "instructors"
    verbose_name = "Instructors"

    def ready(self) -> None:
        from instructors import notices, rules_in_use  # the models must be there first

        rules_in_use.register()
        notices.register()
