from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from participants import health_content  # models are loaded only now
        from participants.notices import register_kinds

        register_kinds()
        health_content.register()
