"""The data map: what is held about people, why, on what basis and for how long, as a document.

Here: drawing it from what the models declare (privacy.py). Not here: keeping the
declarations complete, which the structure tests do. Called by `manage.py data_map`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from accounts.privacy import Basis, Held, Retention

OURS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records")
LIMITS = (
    "The cache counts tries at signing in under a hash of the address or under the network address, for a day at most."
)
HISTORY = "History tables (one to each tracked table) hold the same fields with the acting person, for the same time."
INTRODUCTION = """# What SafeFit holds about people

This page is made from the models by `manage.py data_map`; change the declarations there, never here.
The purposes, lawful bases and periods are the product's defaults. They need the signature of whoever runs it.
"""

# Tables of libraries, by model label: what they hold about a person.
OF_LIBRARIES: dict[str, tuple[Held, ...]] = {
    "account.EmailAddress": (Held("email", "kept by the sign-in library", Basis.SERVICE, Retention.ACCOUNT),),
    "account.EmailConfirmation": (),
    "allauth_idp_oidc.Client": (),  # a partner's system: its owner stays empty
    "allauth_idp_oidc.Token": (),  # its tokens: their user stays empty
    "auth.Group": (),
    "auth.Permission": (),
    "contenttypes.ContentType": (),
    "mfa.Authenticator": (
        Held("data last_used_at", "second factor of staff and partners, encrypted", Basis.SERVICE, Retention.ACCOUNT),
    ),
    "pghistory.Context": (),
    "pghistory.Events": (),
    "pghistory.MiddlewareEvents": (),
    "procrastinate.ProcrastinateEvent": (),
    "procrastinate.ProcrastinateJob": (),
    "procrastinate.ProcrastinatePeriodicDefer": (),
    "procrastinate.ProcrastinateWorker": (),
}


def data_map() -> str:
    """The whole document, as Markdown with a line for each group of fields."""
    parts = [INTRODUCTION]
    for label in OURS:
        config = apps.get_app_config(label)
        parts += [f"## {config.verbose_name}\n", *map(_section, our_models(label))]
    parts += ["## Tables of libraries\n", _table(OF_LIBRARIES.items()), f"\n{LIMITS}\n\n{HISTORY}\n"]
    return "\n".join(parts)


def our_models(label: str) -> list[type[models.Model]]:
    """The models of one of our apps, without the history tables that follow them."""
    everything = apps.get_app_config(label).get_models()
    return sorted((m for m in everything if not hasattr(m, "pgh_tracked_model")), key=lambda m: m.__name__)


def library_models() -> list[str]:
    """Labels of the models that libraries bring."""
    return sorted(m._meta.label for m in apps.get_models() if m._meta.app_label not in OURS)


def _section(model: type[models.Model]) -> str:
    held: tuple[Held, ...] = model.held  # type: ignore[attr-defined]
    if not held:
        return f"### {_title(model)}\n\nHolds nothing about a person.\n"
    return f"### {_title(model)}\n\n{_table([('', held)])}"


def _title(model: type[models.Model]) -> str:
    name = str(model._meta.verbose_name_plural)
    return name[0].upper() + name[1:]


def _table(rows: Iterable[tuple[str, tuple[Held, ...]]]) -> str:
    lines = ["| fields | purpose | lawful basis | kept |", "|---|---|---|---|"]
    for label, held in rows:
        for group in held:
            fields = ", ".join(group.names)
            named = f"{label}: {fields}" if label else fields
            lines.append(f"| {named} | {group.purpose} | {group.basis.value} | {group.retention.value} |")
    return "\n".join(lines) + "\n"
