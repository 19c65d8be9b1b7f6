from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messages and work for people"

    def ready(self) -> None:
        from messaging import alerts, role_ends, work_numbers  # the models must be there first

        alerts.register()
        work_numbers.register()
        role_ends.register()
