"""manage.py build_release --programme wessex --organisation alliance [--publish]"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from accounts.models import Organisation, Programme
from outcomes.models import Release, ReleaseState
from outcomes.releases import release as releases


class Command(BaseCommand):
    help = "Build a release of a programme for an organisation, and publish it when asked to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--publish", action="store_true", help="show it to the partner, for good")

    def handle(self, *, programme: str, organisation: str, publish: bool, **options: Any) -> None:
        built = releases.build_release(release=_request(programme, organisation), by=System.COMMAND)
        if built.state == ReleaseState.BLOCKED:
            raise CommandError(f"Release {built.pk} was built and is not safe to publish: see its page at the desk.")
        if "no_such_area" in built.attack:
            raise CommandError(
                f"Release {built.pk} was not built: people are not told apart by {built.attack['no_such_area']}, as "
                "the areas of the programme were published without it, and stay."
            )
        if built.state == ReleaseState.FAILED:
            raise CommandError(
                f"Release {built.pk} was not built: forms were scored in another way than today. Run `manage.py "
                "rescore`, then this again."
            )
        if publish:
            _publish(built)
        self.stdout.write(f"Release {built.pk}: number {built.number}, {built.get_state_display()}.")


def _publish(built: Release) -> None:
    try:
        releases.publish_release(release=built, by=System.COMMAND)
    except releases.NoPurpose:
        raise CommandError(
            f"Release {built.pk} was built. Write down what {built.organisation} uses summaries for (at the desk: "
            "Summaries, Partners), then publish it there."
        ) from None
    except (releases.TooLongAgo, releases.AgreeNoMore, releases.OvertakenByAnother):
        raise CommandError(
            f"Release {built.pk} was built of what is not true any more: it had waited too long, or somebody in it "
            "does not want to be counted, or another was published meanwhile. Run this again, which makes a new one."
        ) from None


def _request(programme: str, organisation: str) -> Release:
    try:
        return releases.request_release(
            programme=Programme.objects.get(slug=programme),
            organisation=Organisation.objects.get(slug=organisation),
            by=System.COMMAND,
        )
    except Programme.DoesNotExist:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no programme {programme!r}. There are: {known or 'none yet'}.") from None
    except Organisation.DoesNotExist:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no organisation {organisation!r}. There are: {known or 'none yet'}.") from None
    except releases.NoAgreement:
        raise CommandError(
            f"{organisation!r} has no agreement on {programme!r} that is in force today. Make one first."
        ) from None
