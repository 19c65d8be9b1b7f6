"""Names for six hundred made-up people. PURE: no Django, no clock.

Nobody can take one for a real person: every family name is a word for "example", "sample" or "made up" in some
language, or an English place name built on such a word. Given names are common ones of each time and origin, and
none of them belongs to the named cast.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Name:
    given: str
    family: str
    known_as: str = ""

    @property
    def address(self) -> str:
        """The part of an email address before the @: plain letters and one dot, which sets it apart from the cast."""
        return f"{_plain(self.given)}.{_plain(self.family)}"


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(str.maketrans("łŁøıəşŞ", "lLoiesS")))
    return "".join(letter for letter in decomposed.lower() if "a" <= letter <= "z")


HEADS = "Sample Example Pretend Fable Figment Notion Suppose Specimen Imagine Fancy Template Mock".split()
TAILS = "bourne by combe dale ford ham hurst ley more stead thorpe wick worth wood".split()
PLAIN = "Example Sample Madeup Pretend Fictional Imagined Placeholder Invented Makebelieve Specimen".split()
ENGLISH = [*(head + tail for head, tail in product(HEADS, TAILS)), *PLAIN]


@dataclass(frozen=True)
class Origin:
    """Where a name comes from, how many of a hundred have one, and its words. `younger`: for those born later."""

    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    younger: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


ORIGINS = (
    Origin(
        70,
        _words(
            "Albert Alison Angela Anne Arthur Audrey Avis Barbara Barry Basil Beryl Brenda Brian Carol Catherine Celia "
            "Christine Christopher Clifford Clive Cyril David Deborah Denise Dennis Derek Desmond Diane Donald Doreen "
            "Dorothy Douglas Edna Edward Eileen Elaine Elizabeth Eric Ernest Evelyn Felix Frank Gary Geoffrey George "
            "Gerald Gillian Gladys Gordon Graham Harold Heather Helen Hilary Horace Ian Irene Jacqueline Jane "
            "Janet Jean Jennifer Jill Joan John Josephine Joyce Judith Julie Karen Keith Kenneth Kevin Lesley Linda "
            "Lorraine Lynn Malcolm Margaret Marian Marjorie Mark Martin Mary Mary-Ann Maureen Michael Muriel Neil "
            "Nigel Norma Norman Pamela Paul Pauline Percy Peter Philip Raymond Reginald Richard Rita Robert Roger Ron "
            "Rosalind Rosemary Roy Ruth Sandra Sheila Shirley Simon Stanley Stella Stephen Stuart Sylvia Terence "
            "Theresa Thelma Trevor Una Valerie Vera Vernon Victor Vivienne Walter Wendy William Winifred Yvonne"
        ),
        tuple(ENGLISH),
        _words(
            "Adam Amy Andrew Anthony Becky Ben Callum Charlotte Chloe Daniel Emma Gareth Gemma Hannah Jack James Jason "
            "Jessica Joanna Jonathan Joshua Kate Kelly Laura Lewis Lucy Luke Matthew Megan Natalie Nicola Oliver "
            "Rachel Rebecca Ryan Samantha Sarah Sophie Steven Thomas Tracey Victoria Wayne Zoe"
        ),
    ),
    Origin(
        9,
        _words(
            "Ailsa Alasdair Aneurin Aoife Brendan Brigid Bronwen Carys Cathal Catriona Dafydd Declan Deirdre Eirlys "
            "Fergus Fionnuala Gwyneth Iolo Iona Morag Niamh Padraig Rhian Seán Siân Siobhán"
        ),
        _words("Enghraifft ap_Enghraifft O'Sampla Ní_Shampla MacSampla Eisimpleir MacEisimpleir Sampler-Enghraifft"),
    ),
    Origin(
        6,
        _words(
            "Anjali Arjun Balwinder Deepa Gurpreet Harjit Imran Kavita Lakshmi Manjit Meera Nasreen Priya Rajesh "
            "Rukhsana Sanjay Shabnam Sunil Usha Yasmin"
        ),
        _words("Udaharan Namuna Drishtant Misaal Udaharana Utharanam Namoona Nidarshan"),
    ),
    Origin(
        5,
        _words(
            "Adaeze Akosua Amara Babatunde Chidi Delroy Efua Femi Kofi Kwame Marcia Ngozi Tendai Thandiwe Winston Yaw"
        ),
        _words("Apeere Mfano Muenzaniso Tusaale Umzekelo Isibonelo Ihe-Atu Nhwesoo"),
    ),
    Origin(
        4,
        _words(
            "Agnieszka Bogdan Danuta Elżbieta Grzegorz Ilona Jerzy Katarzyna Mihai Oksana Ondřej Vasile Zsófia Zbigniew"
        ),
        _words("Przykład Przykładowska Exemplu Példa Příklad Pryklad Pavyzdys Paraugs Primer"),
    ),
    Origin(
        3,
        _words(
            "Beatriz Carlos Chiara Enzo Françoise Günther Heloísa Ingrid Jean-Luc João Lars Luca Marie-Claire Nuno "
            "Pilar Sören"
        ),
        _words("Beispiel Mustermann Ejemplo D'Esempio Exemplo Exemple van_Voorbeeld Eksempel Esimerkki"),
    ),
    Origin(
        2,
        _words("Ayşe Dimitris Eleni Fatima Hassan Ibrahim Layla Mehmet Yusuf Zeynep"),
        _words("Mithal al-Mithali Örnek Paradeigma Nemuneh Dugma"),
    ),
    Origin(
        1,
        _words("Benigno Hana Kenji Li-Hua Linh Maricel Mei Minh Thanh Wei Xiu-Ying"),
        _words("Lizi Yangben Mihon Vidu Halimbawa Contoh Tuayang Mau"),
    ),
)
KNOWN_AS = {
    "Albert": "Bert", "Barbara": "Babs", "Catherine": "Cathy", "Christine": "Chris", "Deborah": "Debbie",
    "Derek": "Del", "Dorothy": "Dolly", "Edward": "Ted", "Elizabeth": "Libby", "Gerald": "Gerry", "Gillian": "Gill",
    "Jacqueline": "Jackie", "Josephine": "Jo", "Kenneth": "Ken", "Margaret": "Peggy", "Mary-Ann": "Polly",
    "Michael": "Mick", "Pamela": "Pam", "Raymond": "Ray", "Reginald": "Reg", "Richard": "Dick", "Robert": "Bob",
    "Rosemary": "Romy", "Terence": "Terry", "Theresa": "Tess", "Valerie": "Val", "Victoria": "Vicky",
    "William": "Bill", "Winifred": "Winnie", "Xiu-Ying": "Susie", "Agnieszka": "Aga", "Grzegorz": "Greg",
}  # fmt: skip
# Lists, registers and labels must hold these too.
LONG = (
    Name("Wilhelmina Philippa Josephine", "Exampleworth-Specimenthorpe", "Billie"),
    Name("Oluwaseyifunmi", "Apeere-Placeholderbourne", "Seyi"),
    Name("Bartholomew", "Przykładowski-Templatehurst"),
)
BORN_LATER = 1972
TWIN_NAMES = Name("Margaret", "Sampleford", "Peggy")  # two people; only their dates of birth tell them apart


def draw_name(draw: random.Random, year: int, taken: set[Name]) -> Name:
    """A name of somebody born in `year` that nobody in `taken` has; it is put there."""
    while True:
        origin = draw.choices(ORIGINS, [origin.share for origin in ORIGINS])[0]
        given = draw.choice(origin.younger if origin.younger and year >= BORN_LATER else origin.given)
        plain = Name(given, _family(draw, origin))
        if plain not in taken:
            taken.add(plain)
            known_as = KNOWN_AS.get(given, "") if draw.random() < 0.4 else ""
            return Name(plain.given, plain.family, known_as)


def _family(draw: random.Random, origin: Origin) -> str:
    """One in twenty-five has two names with a hyphen."""
    family = draw.choice(origin.family)
    if draw.random() < 0.04 and "-" not in family:
        return f"{family}-{draw.choice(ENGLISH)}"
    return family
