from __future__ import annotations

from typing import Any

import pytest

from tests.structure.routes import World, make_world


@pytest.fixture
def world(
    pat: Any,
    quinn: Any,
    sam: Any,
    ines: Any,
    ivor: Any,
    dee: Any,
    clare: Any,
    sadie: Any,
    omar: Any,
    petra: Any,
    ada: Any,
    nell: Any,
) -> World:
    """The whole cast, and one of each thing that an address may name."""
    people = {"pat": pat.person.user, "quinn": quinn.person.user, "ines": ines.person.user, "ivor": ivor.person.user}
    users = {
        "sam": sam,
        "dee": dee,
        "clare": clare,
        "sadie": sadie,
        "omar": omar,
        "petra": petra,
        "ada": ada,
        "nell": nell,
    }
    return make_world({**people, **users}, pat=pat, ines=ines)
