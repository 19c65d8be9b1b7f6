from django.apps import AppConfig


class ClassesConfig(AppConfig):
    name = "classes"
    verbose_name = "Classes"

    def ready(self) -> None:
        from classes import asking, copies, life_events, notices, symptom_content  # the models must be there first

        life_events.register()
        notices.register()
        copies.register()
        asking.register()
        symptom_content.register()
