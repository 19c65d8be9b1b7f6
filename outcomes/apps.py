from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = "Outcomes"

    def ready(self) -> None:
        # Models are not there before this moment, so these cannot stand at the top.
        from messaging.kinds import register_kind
        from messaging.models import Matter, Topic, WorkTopic
        from outcomes.asking.notices import questionnaire_due
        from outcomes.asking.open_forms import WRITTEN
        from outcomes.asking.planning import ask_again, plan_on_joining, refresh_after_pause, stop_asking
        from outcomes.releases.notices import SUMMARY_OUT, still_read
        from outcomes.safety import nobody_to_call
        from outcomes.studies.notices import study_invitation
        from outcomes.studies.running import INVITATION
        from participants.consequences import (
            DIED,
            ENROLLED,
            HEALTH_AGREED,
            HEALTH_REFUSED,
            PAUSED,
            RESUMED,
            WITHDRAWN,
            register_consequence,
        )

        for kind in WRITTEN:
            register_kind(kind, questionnaire_due, topic=Topic.QUESTIONS, matter=Matter.QUESTIONS)
        register_kind(SUMMARY_OUT, still_read, topic=WorkTopic.SUMMARIES)
        register_kind(INVITATION, study_invitation)  # consent to hear of studies is what one opts out by
        register_consequence(ENROLLED, "outcomes.plan_assessments", plan_on_joining)
        register_consequence(PAUSED, "outcomes.refresh_windows", refresh_after_pause)
        register_consequence(RESUMED, "outcomes.refresh_windows", refresh_after_pause)
        register_consequence(WITHDRAWN, "outcomes.stop_asking", stop_asking)
        register_consequence(DIED, "outcomes.stop_asking", stop_asking)
        register_consequence(HEALTH_REFUSED, "outcomes.stop_asking", stop_asking)
        register_consequence(HEALTH_AGREED, "outcomes.ask_again", ask_again)
        register_consequence(DIED, "outcomes.nobody_to_call", nobody_to_call)
