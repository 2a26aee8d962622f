"""UPNs: their format and check letter, in Python and in SQL alike."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.identifiers import (
    CHECK_ALPHABET,
    upn_check_letter,
    upn_check_letter_fits_sql,
    upn_kind,
    upn_kind_sql,
)

KINDS = {
    "A999000100001": "permanent",
    "Z123456789012": "permanent",
    "A99900010000B": "temporary",
    "A99900010000I": "invalid",
    "I999000100001": "invalid",
    "S999000100001": "invalid",
    "O999000100001": "invalid",
    "a999000100001": "invalid",
    "A99900010000": "invalid",
    "A9990001000011": "invalid",
    "A999000 00001": "invalid",
    "A99900010000１": "invalid",
    "": "invalid",
}


@pytest.mark.parametrize("upn", KINDS)
def test_a_upn_is_permanent_temporary_or_invalid_by_its_format(upn: str) -> None:
    assert upn_kind(upn) == KINDS[upn]
    with duckdb.connect() as con:
        sql = f"select {upn_kind_sql('upn')} from (values (?)) as t (upn)"
        assert con.execute(sql, [upn]).fetchall() == [(KINDS[upn],)]


def test_a_upn_with_a_line_end_behind_it_is_invalid() -> None:
    assert upn_kind("A999000100001\n") == "invalid"


def test_the_check_letter_is_the_weighted_sum_modulo_23() -> None:
    """Only the second character counts twice, the third three times: by hand."""
    assert upn_check_letter("000000000000") == "A"
    assert upn_check_letter("100000000000") == CHECK_ALPHABET[2]
    assert upn_check_letter("010000000000") == CHECK_ALPHABET[3]
    assert upn_check_letter("000000000001") == CHECK_ALPHABET[13]
    assert upn_check_letter("000000000002") == CHECK_ALPHABET[26 - 23]
    assert upn_check_letter("00000000000B") == upn_check_letter("000000000001")


UPNS = st.tuples(
    st.sampled_from(CHECK_ALPHABET), st.from_regex(rf"\A[0-9]{{11}}[0-9{CHECK_ALPHABET}]\Z")
)


@settings(max_examples=5)
@given(st.lists(UPNS, min_size=100, max_size=100))
def test_sql_and_python_find_the_same_letter(upns: list[tuple[str, str]]) -> None:
    told = [upn_check_letter(body) == letter for letter, body in upns]
    values = ", ".join(f"({n}, '{letter}{body}')" for n, (letter, body) in enumerate(upns))
    with duckdb.connect() as con:
        fits = upn_check_letter_fits_sql("upn")
        sql = f"select {fits} from (values {values}) as t (n, upn) order by n"
        assert [row[0] for row in con.execute(sql).fetchall()] == told


def test_one_wrong_digit_or_two_exchanged_are_noticed() -> None:
    """Positions 2 to 13 have weights under 23, a prime, so every single slip changes the letter."""
    body = "820000123456"
    right = upn_check_letter(body)
    for at in range(12):
        for digit in "0123456789":
            slipped = body[:at] + digit + body[at + 1 :]
            assert (upn_check_letter(slipped) == right) == (slipped == body)
    for at in range(11):
        exchanged = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
        assert (upn_check_letter(exchanged) == right) == (exchanged == body)
