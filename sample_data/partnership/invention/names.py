"""Names from word lists: the surnames are made of two halves and belong to nobody."""

from __future__ import annotations

from invention.chance import Chance

FIRST_HALVES = (
    *("Thistle", "Marrow", "Quill", "Bramble", "Pebble", "Sallow", "Wren", "Fennel", "Ottle"),
    *("Crumb", "Dapple", "Gorse", "Larch", "Mossel", "Nettle", "Puddle", "Rushen", "Tarn"),
    *("Umber", "Vetch", "Wimble", "Yarrow", "Zeph", "Östle", "Brækle", "Çedder", "Ibbel", "Jorrel"),
)
SECOND_HALVES = (
    *("wick", "combe", "thorpe", "low", "mere", "stead", "worth", "by", "dyke", "shaw", "gate"),
    *("fold", "rigg", "snape"),
)
UNUSUAL_SURNAMES = (
    *("O'Quillan", "O'Brambley", "D’Arlow", "D’Umberly", "McThistlow", "Ní Pheablaigh"),
    *(
        "Wren-Thackaby",
        "Marrow-Okembe",
        "Larchmere-Dzul",
        "van der Gorsk",
        "al-Tarnimi",
        "Łomberek",
    ),
)
GIRLS = (
    *("Aisha", "Amelia", "Beatrice", "Chloé", "Daisy", "Eleni", "Fatima", "Freya", "Grace"),
    *("Hana", "Imogen", "Isla", "Jasmine", "Keira", "Leila", "Maja", "Martha", "Niamh", "Olive"),
    *("Priya", "Renée", "Rosie", "Sofía", "Tilly", "Una", "Violet", "Yasmin", "Zoë", "Anne-Marie"),
)
BOYS = (
    *("Adam", "Alfie", "Benedikt", "Callum", "Dylan", "Eòin", "Ethan", "Finlay", "George"),
    *("Hamza", "Idris", "Jakub", "Jude", "Kofi", "Leo", "Lucas", "Mohammed", "Noah", "Oscar"),
    *("Pavel", "Ravi", "Reuben", "Samuel", "Seán", "Tomasz", "Umar", "Victor", "Zac", "Jean-Luc"),
)
TITLES = ("Ms", "Mr", "Mrs", "Miss", "Mx", "Dr")


def surname(chance: Chance) -> str:
    """A made-up surname; one in fifteen has an apostrophe, a hyphen, a space or an accent."""
    if chance.happens(1 / 15):
        return chance.one_of(UNUSUAL_SURNAMES)
    return chance.one_of(FIRST_HALVES) + chance.one_of(SECOND_HALVES)


def forename(chance: Chance, sex: str) -> str:
    """A common forename."""
    return chance.one_of(GIRLS if sex == "F" else BOYS)


def teacher(chance: Chance) -> str:
    """A made-up teacher: title and surname."""
    return f"{chance.one_of(TITLES)} {chance.one_of(FIRST_HALVES)}{chance.one_of(SECOND_HALVES)}"
