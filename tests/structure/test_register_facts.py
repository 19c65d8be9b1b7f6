"""What a register says of each person is frozen in fields/register.txt: a new fact is seen before anybody reads it.

Most of it stands in sentences and chips without labels, and only from 24 hours before a class, so that fields.py finds
little of it on the page itself. Here it is taken from where it comes from: every field of a register, and everything
that the pages which print it name, on the page, on paper and without signal.
Written anew, after the difference was read: `SAFEFIT_FIELDS=write ./run test tests/structure/test_register_facts.py`.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator

from django.template import engines
from jinja2 import Environment, nodes

from classes.register import Entry
from frontend.views.teach.paper import Line
from tests.structure.fields import HOME, WRITES

FILE = HOME / "register.txt"
PAGES = ("register.html", "register_person.html", "paper_register.html")
OURS = {"ui", "loop", "form", "session", "mark", "tick", "note"}  # how it is drawn, and what is asked


def test_what_a_register_says_of_each_person_is_what_the_file_says() -> None:
    env = typing.cast(Environment, engines["jinja2"].env)  # type: ignore[attr-defined]
    found = {f"is told {name}" for name in (*fields_of(Entry, "entry"), *fields_of(Line, "on paper"))}
    for page in PAGES:
        source, _, _ = env.loader.get_source(env, f"frontend/teach/{page}")  # type: ignore[union-attr]
        found |= {f"{page} prints {name}" for name in printed(env.parse(source))}
    drawn = "".join(f"{row}\n" for row in sorted(found))
    if WRITES:
        FILE.write_text(drawn)
    assert drawn == FILE.read_text(), "read the difference, then write the file anew"
    assert drawn.count("is told entry.facts.") > 15 and drawn.count(" prints ") > 50, "the register has moved"


def fields_of(kind: type, at: str) -> Iterator[str]:
    """The fields of a shape, and of the shapes in them."""
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        name = f"{at}.{field.name}"
        yield name
        for inner in shapes_in(hints[field.name]):
            yield from fields_of(inner, name)


def shapes_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    for one in typing.get_args(hint):
        yield from shapes_in(one)


def printed(page: nodes.Template) -> Iterator[str]:
    """Every name with a dot in it: "facts.note"."""
    for node in page.find_all(nodes.Getattr):
        name, inner = node.attr, node.node
        while isinstance(inner, nodes.Getattr):
            name, inner = f"{inner.attr}.{name}", inner.node
        if isinstance(inner, nodes.Name) and inner.name not in OURS:
            yield f"{inner.name}.{name}"


@dataclasses.dataclass
class Inner:
    weight: int


@dataclasses.dataclass
class Outer:
    inners: tuple[Inner, ...]
    maybe: Inner | None


def test_the_check_sees_a_new_fact_and_where_it_is_printed() -> None:
    assert set(fields_of(Outer, "x")) == {"x.inners", "x.inners.weight", "x.maybe", "x.maybe.weight"}
    page = Environment(autoescape=True).parse("{{ ui.a }}{% if x.b %}{{ x.c.d | upper }}{{ x.e[0] }}{% endif %}")
    assert set(printed(page)) == {"x.b", "x.c.d", "x.c", "x.e"}
