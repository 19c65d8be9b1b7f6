from django.apps import AppConfig


class ClassesConfig(AppConfig):
    name = "classes"
    verbose_name = "Classes"

    def ready(self) -> None:
        from classes import life_events, unqualified  # the models must be there first
        from classes.same_day import symptom_content  # the models must be there first
        from classes.telling import (  # the models must be there first
            asking,
            block_notices,
            change_notices,
            class_note,
            copies,
            cover,
            gone,
            leaders,
            notices,
            place_open,
            reminders,
            running_late,
            talk_wanted,
            who_comes,
        )
        from instructors.consequences import register_consequence_of_standing

        life_events.register()
        register_consequence_of_standing("classes.look_at_dates_led", unqualified.look_again)
        notices.register()
        gone.register()
        change_notices.register()
        block_notices.register()
        copies.register()
        place_open.register()
        who_comes.register()
        class_note.register()
        asking.register()
        reminders.register()
        talk_wanted.register()
        cover.register()
        running_late.register()
        leaders.register()
        symptom_content.register()
