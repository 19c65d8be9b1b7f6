"""What there is to say of a questionnaire's file, in words that say what to do.

Here: one sentence for each code. Not here: when a code is used (outcomes/fhir/,
outcomes/questions/binding.py). Used by the desk's pages of questionnaires.
"""

from __future__ import annotations

from outcomes.bringing import HereAlready
from outcomes.fhir.document import MOST_BYTES
from outcomes.fhir.given import Kind
from outcomes.fhir.items import MOST_ITEMS, MOST_LEVELS
from outcomes.fhir.remarks import Code, LeftOut, Refused, Remark, Unreadable, Warned
from outcomes.questions import Question
from outcomes.questions.binding import Against, Obstacle

ASK = "Ask whoever made the file"
WORDS: dict[Code, str] = {
    Refused.TOO_BIG: f"The file must be smaller than {MOST_BYTES // 1024**2} MB. Choose another.",
    Refused.NOT_UTF8: "The letters of this file cannot be read. Save it as UTF-8.",
    Refused.NOT_JSON: "This file is not JSON, or is cut short ({about}). Choose a FHIR R4 Questionnaire as JSON.",
    Refused.TOO_DEEP: f"The parts of this file stand in each other too deeply. {ASK} for a plain one.",
    Refused.NAME_TWICE: "“{about}” stands twice in the same part of the file. Take one of them out.",
    Refused.ODD_NUMBER: "{about} is not a number that we can keep. Correct it.",
    Refused.ODD_CHARACTER: "The file holds characters that are no letters. Save it anew as UTF-8.",
    Refused.NOT_A_QUESTIONNAIRE: "This is not a FHIR Questionnaire. Choose a file whose resourceType is Questionnaire.",
    Refused.WRONG_SHAPE: "“{about}” cannot be read. Correct it.",
    Refused.TOO_LONG: "This is too long ({about} characters at most). Shorten it.",
    Refused.TOO_MANY_ITEMS: f"There are {{about}} items, and at most {MOST_ITEMS} can be asked. Split the form.",
    Refused.NO_QUESTION: "There is no question in this file. Choose another.",
    Refused.ITEMS_TOO_DEEP: f"Items stand inside each other {MOST_LEVELS} times at most. Bring this one further up.",
    Refused.NO_LINK_ID: "An item has no linkId: {about}. Give it one.",
    Refused.LINK_ID_TWICE: "Two items have this linkId. Give one of them another.",
    Refused.NO_TEXT: "This item has no words to ask. Add its text.",
    Refused.TYPE_UNKNOWN: "“{about}” is no type of question in FHIR R4. Correct it.",
    Refused.TYPE_NOT_ASKED: "A question of type {about} cannot be asked here. Take it out.",
    Refused.TYPE_OF_R5: "Type “{about}” belongs to FHIR R5. Save the form as FHIR R4, where it is “choice”.",
    Refused.CONSTRAINT_OF_R5: "“answerConstraint” belongs to FHIR R5. Save the form as FHIR R4.",
    Refused.MODIFIER: f"A modifier that we do not know changes its meaning ({{about}}). {ASK} for a form without.",
    Refused.GROUP_REPEATS: "A group that is answered several times cannot be asked here. Take “repeats” out.",
    Refused.DISPLAY_WITH_ITEMS: "Words that are only shown cannot hold items. Make this a group.",
    Refused.NO_OPTIONS: "This choice has no answers. Add its options.",
    Refused.OPTION_TWICE: "“{about}” is offered twice. Take one out.",
    Refused.OPTION_NOT_READ: "One of its answers cannot be read ({about}). Give it a code, a number, a day or words.",
    Refused.EXCLUSIVE_ALONE: "Every answer is marked to stand alone, so only one can be chosen. Take “repeats” out.",
    Refused.WEIGHT_NOT_READ: "What one of its answers weighs cannot be read ({about}). Give a number.",
    Refused.WEIGHTS_DIFFER: "One of its answers has two weights ({about}). Take one of them out.",
    Refused.OPTIONS_ON_TYPE: "An item of type {about} offers answers to choose from. Make it a “choice”.",
    Refused.VALUE_SET_OUTSIDE: "Its answers are in a value set somewhere else ({about}). We fetch nothing: put the"
    " value set into the file.",
    Refused.VALUE_SET_MISSING: "Its value set is not in the file ({about}). Add it under “contained”.",
    Refused.VALUE_SET_BY_RULE: "Its value set does not list each of its codes ({about}). Add each with its words.",
    Refused.VALUE_SET_TWICE: "Two value sets in the file have one name ({about}). Give one of them another.",
    Refused.LIMIT_NOT_READ: "Its smallest or largest value, or its step, cannot be read ({about}). Give a number, or a"
    " day or time in full, that fits the type of the question.",
    Refused.LIMITS_CROSSED: "The smallest value is larger than the largest. Correct one of the two.",
    Refused.CONDITION_MISSING: "It hangs on item {about}, which is not in the file. Correct the condition.",
    Refused.CONDITION_NOT_READ: "Its condition on {about} cannot be judged. Correct the operator or the answer.",
    Refused.CONDITION_ON_NO_QUESTION: "It hangs on {about}, which is no question. Correct the condition.",
    Refused.CONDITION_IN_A_RING: "It hangs on itself, perhaps by way of others. Correct the condition.",
    Warned.NO_STATUS: "The file does not say whether the form is finished (no status).",
    Warned.NO_URL: "The form has no name of its own (no url). It is known by its title.",
    Warned.NO_VERSION: "The form has no version. It is known by the fingerprint of this file.",
    Warned.NO_TITLE: "The form has no title.",
    Warned.RETIRED: "The file says that this form is retired.",
    Warned.DRAFT: "The file says that this form is a draft.",
    Warned.FOR_TRYING_OUT: "The file says that this form is for trying out (experimental).",
    Warned.OF_OTHERS: "The file says that it is about others than the person who takes part ({about}).",
    Warned.OTHER_LANGUAGE: "The file says that its words are in “{about}”. A page with them is read aloud as English.",
    Warned.ALL_CONDITIONS: "It has several conditions and does not say whether one is enough. We ask for all.",
    Warned.OPTIONS_ALIKE: "Two of its answers read the same ({about}). Whoever answers cannot tell them apart.",
    Warned.ASKED_ONCE: "It may be answered several times. It is asked once.",
    Warned.HTML_SHOWN: "There are marks of a web page in it. They are shown as they are written.",
    Warned.HIDDEN_LETTERS: "A letter that nobody can see was taken out ({about}).",
    Warned.NO_UNIT: "It asks for an amount without a unit.",
    Warned.UNIT_NOT_READ: "Its unit has no words and no code. The number is asked without one.",
    Warned.ONE_UNIT: "It may be answered in several units. It is asked in the first ({about}).",
    LeftOut.EXTENSION: "An extension that we do not use: {about}",
    LeftOut.EXPRESSION: "An expression. We never run any: {about}",
    LeftOut.CONDITION_BY_EXPRESSION: "A condition that the form works out itself ({about}). It is asked of everybody.",
    LeftOut.NOBODY_ASKED: "It hangs on {about}, which is not asked and never answered so: nobody would be asked it.",
    LeftOut.MARKUP: "Words marked up as a web page. The plain words are used.",
    LeftOut.TRANSLATION: "A translation.",
    LeftOut.RESOURCE: "A part of the file that is no value set: {about}",
    LeftOut.FIELD: "A field that we do not use: {about}",
    LeftOut.HIDDEN_ITEM: "Marked as hidden, so it is not asked.",
    LeftOut.WORKED_OUT_ITEM: "Worked out by the form itself, so it is not asked.",
    LeftOut.HEADING: "It holds no question, so its heading is not shown.",
    LeftOut.FIRST_ANSWER: "An answer filled in beforehand, which the question does not take.",
}

AGAINST = {
    Against.NOT_THERE: "No question is paired with item {item} ({wants}).",
    Against.TWICE: "Item {item} is paired with several questions ({question}). Keep one.",
    Against.NOT_WEIGHED: "{question} does not say what each answer weighs. Item {item} wants {wants}: say it under "
    "“Scored as”, once the form is brought in.",
    Against.SEVERAL_ANSWERS: "{question} takes several answers. Item {item} wants one number, {wants}.",
    Against.NO_NUMBERS: "{question} is not answered by a number. Item {item} wants {wants}.",
    Against.NO_LIMITS: "{question} has no smallest and largest number. Item {item} wants {wants}.",
    Against.OTHER_COUNT: "{question} has {has} answers. Item {item} wants {wants}.",
    Against.OTHER_RANGE: "{question} goes {has}. Item {item} wants {wants}.",
}

KINDS = {
    Kind.BOOLEAN: "yes or no",
    Kind.DECIMAL: "a number",
    Kind.INTEGER: "a whole number",
    Kind.DATE: "a date",
    Kind.DATE_TIME: "a date and a time",
    Kind.TIME: "a time",
    Kind.STRING: "a line of text",
    Kind.TEXT: "text",
    Kind.URL: "a web address",
    Kind.CHOICE: "one of {count}",
    Kind.OPEN_CHOICE: "one of {count}, or own words",
    Kind.QUANTITY: "a number with its unit",
}
SAME_FILE = "This very file is here already. There is nothing to bring in."
SAME_VERSION = "Version {version} of this form is here already, from another file. Give the changed form a new version."


def remark_words(remark: Remark) -> str:
    return WORDS[remark.code].format(about=remark.about)


def remark_rows(remarks: tuple[Remark, ...]) -> list[tuple[str, str]]:
    """Of each remark the item it is about, and its words."""
    return [(remark.item or "The form", remark_words(remark)) for remark in remarks]


def unreadable_words(refused: Unreadable) -> str:
    return WORDS[refused.why].format(about=refused.about)


def here_words(refused: HereAlready) -> str:
    return SAME_FILE if refused.same else SAME_VERSION.format(version=refused.questionnaire.version)


def obstacle_words(obstacle: Obstacle) -> str:
    return AGAINST[obstacle.why].format(
        item=obstacle.item, question=obstacle.question, has=obstacle.has, wants=obstacle.wants
    )


def kind_words(question: Question) -> str:
    """What a question takes: "one of 4", "a whole number, 0 to 10"."""
    shape = question.shape
    words = KINDS[shape.kind].format(count=len(shape.options))
    words = words.replace("one of", "any of") if shape.several else words
    if shape.least is not None and shape.most is not None:
        words += f", {shape.least} to {shape.most}"
    return words + (f", {shape.unit[0]}" if shape.unit else "") + (", required" if question.required else "")
