"""What kinds of class the made-up programme offers. PURE: no Django, no clock."""

from __future__ import annotations

from dataclasses import dataclass

IN_A_HALL = ("cancer_exercise", "first_aid", "public_liability")
ONLINE = ("cancer_exercise", "remote_insurance")


@dataclass(frozen=True)
class ClassKind:
    """In the codes of classes.models and instructors.models; `needs` is what whoever leads it must hold."""

    name: str
    summary: str
    effort: str
    positions: tuple[str, ...]
    bring: str
    needs: tuple[str, ...] = IN_A_HALL


CLASS_KINDS = (
    ClassKind(
        "Seated strength",
        "Build strength from a steady chair, at your own pace.",
        "gentle",
        ("seated",),
        "A firm chair without wheels, water",
        ONLINE,
    ),
    ClassKind(
        "Balance and breathing",
        "Standing balance with a chair to hold, and calm breathing to finish.",
        "gentle",
        ("seated", "standing"),
        "Water, flat shoes",
    ),
    ClassKind(
        "Steady circuits",
        "A round of simple exercises with rests whenever you want them.",
        "moderate",
        ("standing",),
        "Water, flat shoes, a small towel",
    ),
    ClassKind(
        "Gentle stretch",
        "Slow stretches on a chair or a mat to ease stiff joints.",
        "gentle",
        ("seated", "floor"),
        "A mat if you have one",
        ONLINE,
    ),
    ClassKind(
        "First conversation",
        "Half an hour with an instructor to plan what suits you.",
        "gentle",
        ("seated",),
        "",
        ONLINE,
    ),
    ClassKind(
        "Chair yoga",
        "Easy yoga on and beside a chair, with time to rest at the end.",
        "gentle",
        ("seated", "standing"),
        "A firm chair without wheels if you join online",
        ("cancer_exercise",),
    ),
    ClassKind(
        "Strength with bands",
        "Pull and push against a stretchy band. You choose how hard it is.",
        "moderate",
        ("seated", "standing"),
        "Water. We have bands for everybody in the hall, and post one to you for online classes",
        ("cancer_exercise",),
    ),
    ClassKind(
        "Breathing and unwinding",
        "Slow breathing and small movements to let go of the day.",
        "gentle",
        ("seated",),
        "Something warm to put around you",
        ONLINE,
    ),
    ClassKind(
        "Walk and talk",
        "A walk on flat paths from the hall and back, with a sit-down half way.",
        "moderate",
        ("standing",),
        "Comfortable shoes, a coat for the weather",
    ),
    ClassKind(
        "Floor and core",
        "Exercises on a mat for the back and the middle of the body.",
        "vigorous",
        ("floor",),
        "Water, a mat if you like your own",
    ),
)
