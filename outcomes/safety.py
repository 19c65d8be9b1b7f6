"""Worrying answers: who hears of them, and the task that is made when one is sent.

Here: the route that a programme sets before such a questionnaire is asked, what
stands in its way, and the alert. Not here: making it active (bringing.py), which answers and scores worry
(safety_rules.py, each recipe), rows (models/routes.py), words (frontend). Called by the pages of those who
answer for content, by asking/planning.py, and by answering/recording.py in the transaction that
sends answers: drafts alert nobody, and one set of answers alerts once; whom to call is said with the first such
answer, sent or not. The answers themselves stand in no task, message or log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, TextChoices
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.staff import holders_of
from messaging.alerts import tell_on_call
from messaging.models import Task
from messaging.worklist import cancel_open, raise_task
from outcomes.instruments import codes, recipe_called
from outcomes.instruments.recipe import Direction, Scale
from outcomes.models import AlertRoute, Questionnaire, Response, SafetyRoute, WorryingAnswers
from outcomes.models.routes import LONGEST_MESSAGE
from outcomes.questions import Question, Replies
from outcomes.questions.binding import for_scoring, numbers_of, weights_of
from outcomes.safety_rules import Rule, call_by, met, row_of, rule_of
from outcomes.scoring import score
from participants.models import Participant

WORRYING_ANSWER = "worrying_answer"  # kind of the task; its subject is the WorryingAnswers


class Hindrance(TextChoices):
    """Why a questionnaire may not be put into use; the label says what to do, and where."""

    NOBODY_NAMED = (
        "nobody_named",
        "Nobody is named who hears of worrying answers. Set whom to name, what people read at once and who gets the "
        "task, under Safety content, Worrying answers.",
    )
    NOT_REACHED = (
        "not_reached",
        "The colleague who is named does not get such alerts any more. Choose somebody else, under Safety content, "
        "Worrying answers.",
    )
    NOT_ASKED = (
        "not_asked",
        "Its recipe names an answer that worries, and no question has that name. Give the question the name of the "
        "recipe’s item, and bring the questionnaire in again as a new version.",
    )
    NOT_WEIGHED = (
        "not_weighed",
        "A question asks what may worry, and does not say what each of its answers weighs, so that nobody could tell "
        "which one does. Say it under “Scored as”, or bring the questionnaire in again with weights, as a new version.",
    )
    FORGOTTEN = (
        "forgotten",
        "Another version of it is scored, and answers to that one worry. This one is not scored, so that nobody would "
        "notice. Say under “Scored as” which question is which item, or which of its answers worry.",
    )


class NotToBeUsed(Exception):
    """The questionnaire asks what may worry, and something is missing: `hindrances`."""

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__(", ".join(hindrances))
        self.hindrances = tuple(hindrances)


class NotTheirs(Exception):
    """The contact may not do what the route asks of them, so that nobody would hear."""


class BadRule(Exception):
    """A rule names no question or score of the questionnaire, or a number that it does not take: `item`."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


class NothingSaid(Exception):
    """The message is empty, or longer than a page can show."""


@dataclass(frozen=True)
class HelpNow:
    """What is said at once to whoever is answering: the questions whose answers worry, and the words of the route."""

    items: tuple[str, ...]
    message: str


def questionnaires_answered_for_by(user: object) -> QuerySet[Questionnaire]:
    """Those of the programmes whose content the user answers for; the latest versions first."""
    programmes = programmes_allowing(user, Permission.CONFIGURE) | programmes_allowing(
        user, Permission.DECIDE_CLEARANCE
    )
    rows = Questionnaire.objects.filter(programme_id__in=programmes).select_related("programme")
    return rows.order_by("programme", "code", "-pk")


def worries_at_desk_of(user: object) -> QuerySet[WorryingAnswers]:
    rows = WorryingAnswers.objects.filter(response__assessment__participant__in=Participant.objects.at_desk_of(user))
    return rows.select_related(
        "route__contact",
        "response__assessment__participant__person",
        "response__assessment__participant__programme",
        "response__assessment__questionnaire",
        "response__assessment__timepoint",
    )


def route_of(questionnaire: Questionnaire) -> SafetyRoute | None:
    """The one in force: the latest of the programme for any version of this questionnaire."""
    rows = SafetyRoute.objects.filter(programme=questionnaire.programme_id, code=questionnaire.code)
    return rows.select_related("contact", "by").order_by("-pk").first()


def contacts_for(programme: Programme, alert_to: str) -> QuerySet[Person]:
    """Who may be named: somebody whom the alert reaches."""
    return holders_of(Permission(alert_to), programme)


def stands(questionnaire: Questionnaire, route: SafetyRoute | None) -> bool:
    """Whether there is a route whose contact still hears of it."""
    return route is not None and _hears(questionnaire.programme, route)


def with_routes(questionnaires: Iterable[Questionnaire]) -> list[tuple[Questionnaire, SafetyRoute | None, bool]]:
    """Each with its route and whether that stands. As many queries for many as for few, in each programme."""
    shown = list(questionnaires)
    programmes = {one.programme for one in shown}
    rows = SafetyRoute.objects.filter(programme__in=programmes).order_by("pk")
    routes = {(route.programme_id, route.code): route for route in rows}
    hear = {
        (programme.pk, alert_to): set(contacts_for(programme, alert_to).values_list("pk", flat=True))
        for programme in programmes
        for alert_to in AlertRoute.values
    }
    found = [(one, routes.get((one.programme_id, one.code))) for one in shown]
    return [
        (one, route, route is not None and route.contact_id in hear[one.programme_id, route.alert_to])
        for one, route in found
    ]


def rules_of(questionnaire: Questionnaire, route: SafetyRoute | None) -> tuple[Rule, ...]:
    """Those of the recipe, which nobody can take away, and the programme's own."""
    return (*_rules_of_recipe(questionnaire), *(rule_of(row) for row in (route.rules if route else ())))


def scales_of(questionnaire: Questionnaire) -> tuple[Scale, ...]:
    """The scores that a rule may be of: those that are told of its recipe."""
    recipe = recipe_called(questionnaire.recipe) if questionnaire.recipe else None
    return tuple(recipe.scale(name) for name in recipe.to_tell) if recipe else ()


def less_is_worse(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions of which its recipe says that more is better: there a low answer may worry, and not a high one."""
    recipe = recipe_called(questionnaire.recipe) if questionnaire.recipe else None
    up = {item.id for item in recipe.items if item.direction is Direction.UP} if recipe else set()
    asked = {one.id: questionnaire.pairs.get(one.id, one.id) for one in questionnaire.every_question}
    return frozenset(link for link, item in asked.items() if item in up)


def may_be_asked(questionnaire: Questionnaire) -> bool:
    """Not while its recipe names worrying answers and no route is set."""
    return not _rules_of_recipe(questionnaire) or route_of(questionnaire) is not None


def hindrances(questionnaire: Questionnaire) -> tuple[Hindrance, ...]:
    """Why it may not be put into use as it stands; empty means that it may. Asked by bringing.make_active."""
    route = route_of(questionnaire)
    rules = rules_of(questionnaire, route)
    asked = {question.id: question for question in questionnaire.every_question}
    known = [rule.of for rule in _rules_of_recipe(questionnaire)]
    found = []
    if rules and route is None:
        found.append(Hindrance.NOBODY_NAMED)
    if rules and route is not None and not stands(questionnaire, route):
        found.append(Hindrance.NOT_REACHED)
    if any(item not in asked for item in known):
        found.append(Hindrance.NOT_ASKED)
    if any(item in asked and weights_of(asked[item]) is None for item in known):
        found.append(Hindrance.NOT_WEIGHED)
    if not questionnaire.recipe and not any(rule.of in asked for rule in rules) and _worries_in_others(questionnaire):
        found.append(Hindrance.FORGOTTEN)
    return tuple(found)


def set_route(
    *,
    questionnaire: Questionnaire,
    contact: Person,
    message: str,
    alert_to: str,
    rules: Collection[Rule],
    by: Person,
) -> SafetyRoute:
    """From now on this is what happens; what was decided before stays on record.

    Rules of what only another version asks or scores stay as they are: some people may still be answering that one.
    Raises NothingSaid, BadRule, NotTheirs.
    """
    if not message.strip() or len(message) > LONGEST_MESSAGE:
        raise NothingSaid
    ends = _ends_of(questionnaire)
    for rule in rules:
        least, most = ends.get((rule.of, rule.is_score)) or (1, 0)
        if not least <= rule.line <= most:
            raise BadRule(rule.of)
    with acting(by, "outcomes.set_safety_route"):
        if not contacts_for(questionnaire.programme, alert_to).filter(pk=contact.pk).exists():
            raise NotTheirs
        before = route_of(questionnaire)
        earlier = map(rule_of, before.rules) if before else ()
        of_other_versions = [rule for rule in earlier if (rule.of, rule.is_score) not in ends]
        return SafetyRoute.objects.create(
            programme=questionnaire.programme,
            code=questionnaire.code,
            contact=contact,
            message=message.strip(),
            alert_to=alert_to,
            rules=sorted(map(row_of, [*rules, *of_other_versions])),
            by=by,
        )


def alert(response: Response, by: Actor) -> WorryingAnswers | None:
    """Make the task when what was sent meets a rule. Inside the action that sends it."""
    assessment = response.assessment
    questionnaire, participant = assessment.questionnaire, assessment.participant
    route = route_of(questionnaire)
    if not _met(questionnaire, route, response.answers):
        return None
    worry = WorryingAnswers.objects.create(response=response, route=route)
    alert_to = reader_of(questionnaire.programme, route)
    task = raise_task(
        programme=questionnaire.programme,
        kind=WORRYING_ANSWER,
        due_at=call_by(timezone.localtime()),
        about=participant.person,
        subject_id=worry.pk,
        dedupe_key=f"{WORRYING_ANSWER}:{response.pk}",
        urgent_for=alert_to,
        only_for=alert_to if alert_to == Permission.DECIDE_CLEARANCE else None,
        meant_for=route.contact if route and _hears(questionnaire.programme, route) else None,
        by=by,
    )
    tell_on_call(task=task, by=by)
    return worry


def help_now(questionnaire: Questionnaire, answers: Replies) -> HelpNow | None:
    """Where an answer so far meets a rule, sent or not: whom to call is said before somebody stops half way.

    Nothing is kept of it and nobody is told: a draft is watched by nobody.
    """
    if not answers:
        return None
    route = route_of(questionnaire)
    found = _met(questionnaire, route, answers)
    asked = tuple(rule.of for rule in found if not rule.is_score)
    return HelpNow(asked, route.message if route else "") if found else None


def reader_of(programme: Programme, route: SafetyRoute | None) -> Permission:
    """Who gets the task and may read the answer: as decided; clinical leads where nothing was decided; the whole desk
    where nobody else is there to hear of it."""
    decided = Permission(route.alert_to if route else AlertRoute.CLINICAL)
    return decided if holders_of(decided, programme).exists() else Permission.WORK_AT_DESK


def worry_to_show(response: Response | None, *, to: Person) -> WorryingAnswers | None:
    """What whoever sent these answers, and the person themself, is shown at once.

    None where nothing worries, and for everybody else: colleagues hear of it by the task alone, helpers not at all.
    """
    if response is None or to.pk not in (response.entered_by_id, response.assessment.participant.person_id):
        return None
    return WorryingAnswers.objects.filter(response=response).select_related("route__contact").first()


def asked_to_call(worry: WorryingAnswers) -> Person | None:
    """Who was named when the task was made; None where that was nobody: the contact had left, or none was set."""
    task = task_of(worry)
    return task.meant_for if task else None


def task_of(worry: WorryingAnswers) -> Task | None:
    """What was made of it for whoever calls; None once tasks of that time are deleted."""
    return Task.objects.filter(kind=WORRYING_ANSWER, subject_id=worry.pk).select_related("meant_for").first()


def answers_that_worry(worry: WorryingAnswers) -> list[Question]:
    """The question of each rule that was met, by the rules that stood when they were sent."""
    found = {rule.of for rule in _met_by(worry) if not rule.is_score}
    return [one for one in worry.response.assessment.questionnaire.every_question if one.id in found]


def scores_that_worry(worry: WorryingAnswers) -> list[tuple[Scale, float]]:
    """The same of scores, each with what it came to when it was sent: a later scoring changes nothing of a call."""
    found = {rule.of for rule in _met_by(worry) if rule.is_score}
    values, scales = _scores_when_sent(worry.response), scales_of(worry.response.assessment.questionnaire)
    return [(scale, values[scale.id]) for scale in scales if scale.id in found]


def nobody_to_call(participant: Participant, by: Actor) -> None:
    """Who has died is not called."""
    with acting(by, "outcomes.nobody_to_call", on_behalf_of=participant.person):
        about = Task.objects.filter(kind=WORRYING_ANSWER, about=participant.person, programme=participant.programme)
        cancel_open(about)


def _met_by(worry: WorryingAnswers) -> tuple[Rule, ...]:
    response, questionnaire = worry.response, worry.response.assessment.questionnaire
    numbers = numbers_of(questionnaire.every_question, response.answers)
    return met(rules_of(questionnaire, worry.route), numbers, _scores_when_sent(response))


def _scores_when_sent(response: Response) -> dict[str, float]:
    """By scale, the row of the first scoring."""
    rows = response.scores.order_by("-scored_at", "-pk")
    first = dict(rows.values_list("scale", "value"))
    return {scale: value for scale, value in first.items() if value is not None}


def _met(questionnaire: Questionnaire, route: SafetyRoute | None, answers: Replies) -> tuple[Rule, ...]:
    rules = rules_of(questionnaire, route)
    scores = _scores(questionnaire, answers) if any(rule.is_score for rule in rules) else {}
    return met(rules, numbers_of(questionnaire.every_question, answers), scores)


def _scores(questionnaire: Questionnaire, answers: Replies) -> dict[str, float]:
    """Those that the answers come to, by scale; without a recipe none."""
    if not questionnaire.recipe:
        return {}
    given = for_scoring(questionnaire.pairs, questionnaire.every_question, answers)
    results = score(recipe_called(questionnaire.recipe), given)
    return {scale: result.value for scale, result in results.items() if result.value is not None}


def _ends_of(questionnaire: Questionnaire) -> dict[tuple[str, bool], tuple[float, float]]:
    """From where to where a rule may lie: of each question that weighs something, and of each score that is told."""
    asked = {(one.id, False): weights_of(one) for one in questionnaire.every_question}
    scored = {(scale.id, True): (scale.lo, scale.hi) for scale in scales_of(questionnaire)}
    return {of: ends for of, ends in asked.items() if ends is not None} | scored


def _worries_in_others(questionnaire: Questionnaire) -> bool:
    """Whether a recipe names worrying answers of another version: how that is scored does not pass on to this one."""
    same = Questionnaire.objects.filter(programme=questionnaire.programme_id, code=questionnaire.code)
    return any(_rules_of_recipe(other) for other in same.exclude(pk=questionnaire.pk))


def _rules_of_recipe(questionnaire: Questionnaire) -> tuple[Rule, ...]:
    """By question: those of the recipe that scores it, and of any recipe whose worrying item has a question’s code.

    So an item that is known to worry is found in a questionnaire that is not scored too.
    """
    recipe = recipe_called(questionnaire.recipe) if questionnaire.recipe else None
    question_of = {item: link for link, item in questionnaire.pairs.items()}
    scored = [Rule(question_of.get(one.item, one.item), one.least) for one in (recipe.safety_items if recipe else ())]
    bound = {rule.of for rule in scored}
    known = _known_codes()
    coded = [
        Rule(question.id, known[code])
        for question in questionnaire.every_question
        for code in question.codes
        if code in known and question.id not in bound
    ]
    return tuple(dict.fromkeys([*scored, *coded]))


def _known_codes() -> dict[tuple[str, str], int]:
    """From which answer on an item with that code worries, by every recipe."""
    return {
        (str(code.system), code.code): safety.least
        for recipe in map(recipe_called, codes())
        for safety in recipe.safety_items
        for code in recipe.item(safety.item).codes
    }


def _hears(programme: Programme, route: SafetyRoute) -> bool:
    return contacts_for(programme, route.alert_to).filter(pk=route.contact_id).exists()
