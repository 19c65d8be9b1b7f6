from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records as a whole"

    def ready(self) -> None:
        # Models are not there before this moment, so these cannot stand at the top.
        from messaging.kinds import register_kind
        from records.erasing import asking

        register_kind(asking.CODE, asking.code_wanted)
        register_kind(asking.BEGUN, asking.told_of_it)
