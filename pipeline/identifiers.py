"""UPN, URN and LAESTAB: their formats and the UPN's check letter.

Source of the check letter: DfE, Unique pupil numbers (UPNs) guide, June 2019, Annex A: the sum
of each of characters 2 to 13 times its position, modulo 23, as a letter of an alphabet without
I, O and S. In a temporary UPN the thirteenth character is a letter and counts by the same table.
"""

import re

CHECK_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
PERMANENT_UPN = r"^[A-HJ-NP-RT-Z][0-9]{12}$"
TEMPORARY_UPN = r"^[A-HJ-NP-RT-Z][0-9]{11}[A-HJ-NP-RT-Z]$"


def upn_kind(upn: str) -> str:
    """`permanent`, `temporary` or `invalid`, by the format alone."""
    if re.fullmatch(PERMANENT_UPN, upn):
        return "permanent"
    return "temporary" if re.fullmatch(TEMPORARY_UPN, upn) else "invalid"


def upn_check_letter(body: str) -> str:
    """Check letter for characters 2 to 13 of a UPN (12 characters)."""
    total = sum(
        position * (CHECK_ALPHABET.index(c) if c.isalpha() else int(c))
        for position, c in enumerate(body, start=2)
    )
    return CHECK_ALPHABET[total % 23]


def upn_kind_sql(upn: str) -> str:
    """`upn_kind` as an SQL expression over a column; null where the column is null."""
    return (
        f"case when {upn} is null then null "
        f"when regexp_matches({upn}, '{PERMANENT_UPN}') then 'permanent' "
        f"when regexp_matches({upn}, '{TEMPORARY_UPN}') then 'temporary' "
        f"else 'invalid' end"
    )


def upn_check_letter_fits_sql(upn: str, number: str | None = None) -> str:
    """Whether the check letter fits, as an SQL expression; null where the format is wrong.

    `number` is a column with characters 2 to 12 as one number, where there is one: taken apart, it
    is faster than eleven texts of one digit, and faster still where it is read only once.
    """
    number = number or f"try_cast(substr({upn}, 2, 11) as bigint)"
    # With q(p) the number down to character p, the digit at p is q(p) - 10 q(p - 1); so of the sum
    # of p times each digit, q(p) has the share p - 10 (p + 1), and the last one p.
    digits = " + ".join(
        f"({p - 10 * (p + 1)}) * ({number} // {10 ** (12 - p)})" for p in range(2, 12)
    )
    digits = f"{digits} + 12 * {number}"
    last = (
        f"13 * case when substr({upn}, 13, 1) between '0' and '9' "
        f"then cast(substr({upn}, 13, 1) as integer) "
        f"else strpos('{CHECK_ALPHABET}', substr({upn}, 13, 1)) - 1 end"
    )
    return (
        f"case when regexp_matches({upn}, '{PERMANENT_UPN}') "
        f"or regexp_matches({upn}, '{TEMPORARY_UPN}') "
        f"then substr('{CHECK_ALPHABET}', ({digits} + {last}) % 23 + 1, 1) = substr({upn}, 1, 1) "
        f"end"
    )
