"""What is to be said of a file that was read: refused, left out, or worth knowing. PURE: no Django.

Here: the codes, each with the item it is about, and the notebook they are
gathered in. Not here: their words (frontend/questionnaire_words.py). Used by
every module beside this one.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Unreadable(Exception):
    """Nothing of the file was used: why, and what that speaks of."""

    def __init__(self, why: Refused, about: str = "") -> None:
        super().__init__(why, about)
        self.why, self.about = why, about


class Refused(enum.StrEnum):
    """Why a file is not brought in."""

    TOO_BIG = "too_big"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    NAME_TWICE = "name_twice"
    ODD_NUMBER = "odd_number"
    ODD_CHARACTER = "odd_character"
    NOT_A_QUESTIONNAIRE = "not_a_questionnaire"
    # of the form or one item
    WRONG_SHAPE = "wrong_shape"
    TOO_LONG = "too_long"
    TOO_MANY_ITEMS = "too_many_items"
    NO_QUESTION = "no_question"
    ITEMS_TOO_DEEP = "items_too_deep"
    NO_LINK_ID = "no_link_id"
    LINK_ID_TWICE = "link_id_twice"
    NO_TEXT = "no_text"
    TYPE_UNKNOWN = "type_unknown"
    TYPE_NOT_ASKED = "type_not_asked"
    TYPE_OF_R5 = "type_of_r5"
    CONSTRAINT_OF_R5 = "constraint_of_r5"
    MODIFIER = "modifier"
    GROUP_REPEATS = "group_repeats"
    DISPLAY_WITH_ITEMS = "display_with_items"
    NO_OPTIONS = "no_options"
    OPTION_TWICE = "option_twice"
    OPTION_NOT_READ = "option_not_read"
    EXCLUSIVE_ALONE = "exclusive_alone"
    WEIGHT_NOT_READ = "weight_not_read"
    WEIGHTS_DIFFER = "weights_differ"
    OPTIONS_ON_TYPE = "options_on_type"
    VALUE_SET_OUTSIDE = "value_set_outside"
    VALUE_SET_MISSING = "value_set_missing"
    VALUE_SET_BY_RULE = "value_set_by_rule"
    VALUE_SET_TWICE = "value_set_twice"
    LIMIT_NOT_READ = "limit_not_read"
    LIMITS_CROSSED = "limits_crossed"
    CONDITION_MISSING = "condition_missing"
    CONDITION_NOT_READ = "condition_not_read"
    CONDITION_ON_NO_QUESTION = "condition_on_no_question"
    CONDITION_IN_A_RING = "condition_in_a_ring"


class Warned(enum.StrEnum):
    """What to know of a form that is brought in."""

    NO_STATUS = "no_status"
    NO_URL = "no_url"
    NO_VERSION = "no_version"
    NO_TITLE = "no_title"
    RETIRED = "retired"
    DRAFT = "draft"
    FOR_TRYING_OUT = "for_trying_out"
    OF_OTHERS = "of_others"
    OTHER_LANGUAGE = "other_language"
    ALL_CONDITIONS = "all_conditions"
    OPTIONS_ALIKE = "options_alike"
    ASKED_ONCE = "asked_once"
    HTML_SHOWN = "html_shown"
    HIDDEN_LETTERS = "hidden_letters"
    NO_UNIT = "no_unit"
    UNIT_NOT_READ = "unit_not_read"
    ONE_UNIT = "one_unit"


class LeftOut(enum.StrEnum):
    """What of the file is not used."""

    EXTENSION = "extension"
    EXPRESSION = "expression"
    CONDITION_BY_EXPRESSION = "condition_by_expression"
    MARKUP = "markup"
    TRANSLATION = "translation"
    RESOURCE = "resource"
    FIELD = "field"
    HIDDEN_ITEM = "hidden_item"
    WORKED_OUT_ITEM = "worked_out_item"
    FIRST_ANSWER = "first_answer"
    NOBODY_ASKED = "nobody_asked"
    HEADING = "heading"


Code = Refused | Warned | LeftOut


@dataclass(frozen=True)
class Remark:
    """One thing to say: of which item ("" for the whole form), and what it speaks of."""

    code: Code
    item: str = ""
    about: str = ""


@dataclass(frozen=True)
class Report:
    """Everything there is to say of one file. With anything `refused`, nothing of it is brought in."""

    refused: tuple[Remark, ...] = ()
    warned: tuple[Remark, ...] = ()
    left_out: tuple[Remark, ...] = ()


@dataclass
class Notebook:
    """Gathers remarks while a file is read; each is kept once, in the order of the file."""

    remarks: dict[Remark, None] = field(default_factory=dict)

    def note(self, code: Code, item: str = "", about: str = "") -> None:
        self.remarks[Remark(code, item, about[:200])] = None

    def report(self) -> Report:
        def of(kind: type[Code]) -> tuple[Remark, ...]:
            return tuple(remark for remark in self.remarks if isinstance(remark.code, kind))

        return Report(of(Refused), of(Warned), of(LeftOut))
