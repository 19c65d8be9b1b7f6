from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messages and work for people"

    def ready(self) -> None:
        from messaging import alert_numbers, alerts, role_ends  # the models must be there first

        alerts.register()
        alert_numbers.register()
        role_ends.register()
