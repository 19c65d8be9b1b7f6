from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from messaging.limits import register_limits  # models are loaded only now
        from participants import desk_sign_in, earlier_address, health_content
        from participants.clinical_letters import start_waits_for_clearance
        from participants.consequences import (
            CLEARANCE_CHANGED,
            CONTACT_STOPPED,
            DIED,
            PAUSED,
            WITHDRAWN,
            register_consequence,
        )
        from participants.needs import limits_to_reaching, stop_asking
        from participants.notices import register_kinds
        from participants.refer_back import end_when_they_leave
        from participants.taking_part import ending_notices

        register_kinds()
        health_content.register()
        earlier_address.register()
        desk_sign_in.register()
        ending_notices.register()
        register_limits(limits_to_reaching)
        for event in (WITHDRAWN, CONTACT_STOPPED):
            register_consequence(event, "participants.stop_asking_about_needs", stop_asking)
        for event in (WITHDRAWN, DIED):
            register_consequence(event, "participants.end_refer_backs", end_when_they_leave)
        for event in (CLEARANCE_CHANGED, PAUSED):
            register_consequence(event, "participants.start_waits_for_clearance", start_waits_for_clearance)
