"""The frame of every page, our components, and the pages of errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.core.paginator import Paginator
from django.template import engines
from django.test import override_settings
from jinja2 import UndefinedError

from accounts.permissions import Role
from frontend import forms, wording
from frontend.context import links_for, navigation
from frontend.nhsuk import component
from tests.structure.marks import nhs_marks, outside_addresses
from tests.unit.frontend.pages import a_request, draw, draw_page, with_messages

pytestmark = pytest.mark.urls("tests.unit.frontend.urls")


@dataclass
class Membership:
    role: str
    programme_id: int | None = 1
    organisation_id: int | None = None


def somebody(*roles: Role) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, live_memberships=[Membership(role.value) for role in roles])


def test_every_page_has_the_telephone_the_way_past_the_menu_and_our_own_name() -> None:
    page = draw_page("{% block title %}Find a class{% endblock %}")
    assert "<title>Find a class – SafeFit</title>" in page
    assert '<html lang="en-GB">' in page
    assert page.index("18001") < page.index("<header")
    assert 'href="tel:+441632960000"' in page
    assert 'href="#maincontent"' in page
    assert "It is not an NHS service" in page


def test_no_page_carries_a_sign_of_the_nhs_or_an_address_outside() -> None:
    page = draw_page("{% block main %}{{ ui.form(form, csrf_input) }}{% endblock %}", form=forms.Form({}))
    assert nhs_marks(page) == []
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert outside_addresses(page) == []


def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    page = draw_page("{% block main %}{{ ui.progress('Building', 1, 2) }}{% endblock %}")
    assert not re.findall(r"<script(?![^>]*src=)|<style| style=| on\w+=", page)


def test_somebody_signed_in_signs_out_by_a_button() -> None:
    page = draw_page("", a_request("/me/bookings/", somebody(Role.PARTICIPANT)))
    assert re.search(r'<form[^>]* method="post" action="/sign-out/">\s*<input [^>]*name="csrfmiddlewaretoken"', page)
    assert '<a href="/me/bookings/" aria-current="page">My classes</a>' in page
    assert "Sign in" not in page


def test_a_visitor_gets_the_public_menu_and_the_way_to_sign_in() -> None:
    page = draw_page("", a_request("/classes/"))
    assert 'href="/sign-in/"' in page
    assert '<a href="/classes/" aria-current="page">Find a class</a>' in page


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ((), "Find a class"),
        ((Role.SUPPORTER,), "Booked classes"),
        ((Role.INSTRUCTOR,), "My teaching"),
        ((Role.CLINICAL_LEAD,), "To do"),
        ((Role.COORDINATOR,), "Summaries"),
        ((Role.PARTNER,), "Summaries"),
    ],
)
def test_the_menu_follows_what_a_person_may_do(roles: tuple[Role, ...], words: str) -> None:
    assert words in [link.words for link in links_for(somebody(*roles))]


def test_only_the_deepest_place_above_a_page_is_current() -> None:
    places = navigation("/me/bookings/7/", links_for(somebody(Role.PARTICIPANT)))
    assert [place.words for place in places if place.current] == ["My classes"]
    assert not [place for place in navigation("/elsewhere/", links_for(None)) if place.current]


@pytest.mark.urls("safefit.urls")
@pytest.mark.parametrize(
    ("path", "role", "words"),
    [
        ("/classes/7/", Role.PARTICIPANT, "Find a class"),
        ("/me/clinical-team/", Role.PARTICIPANT, "My details"),
        ("/me/letters/7/", Role.PARTICIPANT, "My details"),
        ("/me/record/", Role.SUPPORTER, "People I help"),
    ],
)
def test_a_page_belongs_to_the_place_that_leads_to_it(path: str, role: Role, words: str) -> None:
    places = navigation(path, links_for(somebody(role)))
    assert [place.words for place in places if place.current] == [words]


def test_who_takes_part_and_helps_has_one_menu_with_both() -> None:
    words = [link.words for link in links_for(somebody(Role.PARTICIPANT, Role.SUPPORTER))]
    assert words == ["Home", "Find a class", "My classes", "How I am doing", "My details", "People I help"]


def test_a_supporter_sees_for_whom_they_act() -> None:
    request = a_request()
    request.acting_for = "Pat"  # type: ignore[attr-defined]
    assert "You are booking for <strong>Pat</strong>" in draw_page("", request)
    assert "You are booking for" not in draw_page("")


def test_a_demonstration_says_so_and_a_real_copy_does_not() -> None:
    with override_settings(DEMO=True):
        assert "everybody here is made up" in draw_page("")
    with override_settings(DEMO=False):
        assert "everybody here is made up" not in draw_page("")


def test_a_message_left_for_somebody_stands_in_the_page() -> None:
    request = with_messages(a_request())
    messages.success(request, "Your details are saved.")
    messages.error(request, "We could not <send> that.")
    page = draw_page("", request)
    assert "Your details are saved." in page
    assert "We could not &lt;send&gt; that." in page
    assert "sf-notice--alert" in page


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "409", "429", "500"])
def test_an_error_page_says_what_to_do_and_needs_nothing_but_itself(name: str) -> None:
    page = engines["jinja2"].get_template(f"{name}.html").render()
    assert "<h1>" in page
    assert "call us on" in page
    assert "18001" in page


def test_a_name_that_nobody_gave_is_an_error_in_our_templates() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ nobody_gave_this }}")
    with pytest.raises(UndefinedError, match="tagg"):
        draw("{{ ui.tagg('x') }}")


def test_the_design_systems_own_macros_can_be_called_from_a_template() -> None:
    piece = '{% from "nhsuk/components/inset-text/macro.jinja" import insetText %}{{ insetText({"text": "<b>"}) }}'
    assert "&lt;b&gt;" in draw(piece)
    assert "&lt;b&gt;" in component("inset-text", {"text": "<b>", "id": None})


def test_the_nonce_of_an_answer_is_told_when_asked_for() -> None:
    assert draw("{{ csp_nonce() }}", request=SimpleNamespace(csp_nonce="abc")) == "abc"


def test_a_day_lists_its_classes_with_time_place_and_state() -> None:
    drawn = draw(
        '{% call ui.day_list("Tuesday 3 February") %}'
        '{{ ui.day_row("10am", "Seated", "/1", ["Online", "gentle"], 0|places_label, about="at 10am") }}'
        '{% call ui.day_row("11am", "Standing") %}<p>Extra</p>{% endcall %}{% endcall %}'
    )
    assert "Online&nbsp;· gentle" in drawn
    assert "Full: join the waiting list" in drawn
    assert '<span class="nhsuk-u-visually-hidden">, at 10am</span>' in drawn
    assert "<p>Extra</p>" in drawn


def test_facts_skip_what_is_absent_and_say_what_change_changes() -> None:
    drawn = draw('{{ ui.facts([("Name", "<Pat>", "/name", "your name"), None, ("When", "noon")]) }}')
    assert "&lt;Pat&gt;" in drawn
    assert 'Change<span class="nhsuk-u-visually-hidden"> your name</span>' in drawn
    assert drawn.count("<dt>") == 2


def test_a_card_shows_needs_before_anything_else() -> None:
    drawn = draw(
        '{% call ui.card("Pat", href="/p", needs=["Lip-reads"], alert="Talk first", id="p1") %}<p>Low impact</p>'
        "{% endcall %}"
    )
    assert drawn.index("Lip-reads") < drawn.index("Talk first") < drawn.index("Low impact")


def test_a_table_names_its_cells_for_a_phone_and_spans_what_is_hidden() -> None:
    drawn = draw('{{ ui.table("Scores", ["Scale", "Start", "End"], [["Body", 52, ""], ["Island", "Hidden"]], [1]) }}')
    assert '<span class="sf-table__label" aria-hidden="true">Start</span>52' in drawn
    assert '<td colspan="2">Hidden</td>' in drawn
    assert "<td></td>" in drawn


def test_pages_of_a_list_keep_the_rest_of_the_address() -> None:
    page = Paginator(range(30), 10).page(2)
    drawn = draw('{{ ui.pagination(page, "where=d") }}', page=page)
    assert 'href="?where=d&amp;page=1"' in drawn or 'href="?where=d&page=1"' in drawn
    assert "Page 2 of 3" in drawn
    assert draw("{{ ui.pagination(page) }}", page=Paginator(range(3), 10).page(1)).strip() == ""


def test_work_in_progress_tells_what_is_done_and_left() -> None:
    drawn = draw("{{ ui.progress('Sending', 1200, 1500) }}")
    assert "1,200 of 1,500 done, 300 left" in drawn
    assert "left" not in draw("{{ ui.progress('Sent', 2, 2, active=false) }}")


def test_buttons_that_change_something_are_forms_of_their_own() -> None:
    drawn = draw('{{ ui.post_button("Cancel it", "/cancel", "TOKEN", "warning", {"key": "k"}) }}')
    assert 'method="post" action="/cancel"' in drawn
    assert "TOKEN" in drawn
    assert 'name="key" value="k"' in drawn
    assert "nhsuk-button--warning" in drawn
    assert "<a " in draw('{{ ui.button("Go", href="/x") }}')
    assert 'name="do" value="it"' in draw('{{ ui.button("Go", name="do", value="it") }}')


def test_marks_are_radios_named_for_their_person() -> None:
    drawn = draw('{{ ui.marks("mark-1", "Pat Example", [("in", "Attended"), ("no", "Not here")], chosen="no") }}')
    assert '<legend class="nhsuk-u-visually-hidden">Pat Example</legend>' in drawn
    assert 'value="no" checked' in drawn
    assert drawn.count(" checked") == 1


def test_a_chart_has_its_words() -> None:
    drawn = draw('{% call ui.chart("Scores", "scores") %}<svg></svg>{% endcall %}')
    assert '<figure class="sf-chart" id="scores"><figcaption>Scores</figcaption><svg></svg>' in drawn


def test_the_rest_of_the_components_draw() -> None:
    drawn = draw(
        '{% call ui.panel("Done") %}<p>x</p>{% endcall %}{% call ui.cards() %}{{ ui.figure(3, "people") }}{% endcall %}'
        '{% call ui.task_list() %}{{ ui.task("A", "/a", "5 minutes", label) }}{% call ui.task("B") %}b{% endcall %}'
        '{% endcall %}{{ ui.needs("Hearing loop") }}{{ ui.empty("None.", "/x", "Find one") }}{{ ui.empty("No.") }}'
        '{% call ui.reveal("How") %}h{% endcall %}{% call ui.actions() %}{{ ui.more("/x", "See", "Pat") }}{% endcall %}'
        '{% call ui.notice("Note", "few") %}n{% endcall %}{{ ui.back("/") }}',
        label=wording.Label("Done", "ok"),
    )
    for word in ("Done", "people", "5 minutes", "Hearing loop", "Find one", "How", "See", "Note", "Back"):
        assert word in drawn


def test_filters_fold_in_one_box_and_open_on_a_mistake() -> None:
    class Filters(forms.FilterForm):
        day = forms.DateField(label="Day")

    piece = "{{ ui.filters(filters) }}"
    assert "<details data-sf-filters>" in draw(piece, filters=Filters())
    assert "<details open" in draw(piece, filters=Filters({"day-day": "40", "day-month": "1", "day-year": "2026"}))
