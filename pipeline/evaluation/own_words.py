"""Words of the programme's own that would stand in the evaluators' file: are they anyone's name?

The names of scales and subjects, outcomes and reasons for no result are values of fixed sets, so
the search of the finished file lets them pass. What the program ships is nobody's name; what a
programme adds in its settings and its `scales/` folder may be.
"""

from collections.abc import Iterator

import duckdb

from pipeline.errors import SettingsWrong
from pipeline.evaluation.allow_list import AllowList
from pipeline.evaluation.known import SHORTEST_WORD, compact, folded, is_telling, words
from pipeline.programme import Programme
from pipeline.scales import Scale, read_scales
from pipeline.warehouse.query import insert_rows


def refuse_names(con: duckdb.DuckDBPyConnection, programme: Programme, allowed: AllowList) -> None:
    """Raises SettingsWrong naming each setting or key of a scale file, never its value.

    `temp.known` is made before.
    """
    con.execute(
        "create or replace temp table own_word (number integer, place varchar, value varchar)"
    )
    con.execute("create or replace temp table shipped_word (value varchar, only_as_part boolean)")
    own = [(n, *found) for n, found in enumerate(_own_words(programme))]
    insert_rows(con, "own_word", ("number", "place", "value"), own)
    ours = [(text, True) for text in allowed.filler]
    ours += [(text, False) for text in allowed.vocabulary]
    ours += [(text, False) for scale in read_scales().values() for _, text in _words_of(scale)]
    insert_rows(con, "shipped_word", ("value", "only_as_part"), ours)
    places = con.execute(
        f"""-- a place in the programme's own files whose text is also a name
        with shipped as (
          select distinct {folded("value")} as value, only_as_part
          from shipped_word
        ),
        shipped_part as (
          select distinct unnest({words("value")}) as form
          from shipped
        ),
        own as (
          select number, place, {folded("value")} as value
          from own_word
        ),
        own_form as (
          select number, place, value, {compact("value")} as form from own
          union
          select number, place, value, form
          from (select number, place, value, unnest({words("value")}) as form from own)
          where form <> value and form not in (select form from shipped_part)
        )
        select distinct number, place
        from own_form
        where value not in (select value from shipped where not only_as_part)
          and {is_telling("form", SHORTEST_WORD)}
          and form in (select form from known where part in ('whole', 'word'))
        order by number"""
    ).fetchall()
    if places:
        raise SettingsWrong(
            f"{'; '.join(place for _, place in places)}: would stand in the evaluators' file, and "
            f"equals, or has a word that equals, a name or number of a pupil, a school, a class "
            f"or a member of staff in the warehouse. Expected words that are nobody's. Give "
            f"another name (for an outcome, what schools send can stay under 'also'), run again "
            f"and publish again. Nothing was published."
        )


def _own_words(programme: Programme) -> Iterator[tuple[str, str]]:
    """Place and text of each word of the programme's own that can be published."""
    for at, subject in enumerate(programme.settings.subjects, start=1):
        yield f"{programme.settings_file.name}, 'subjects.{at}'", subject
    folder = programme.folder / "scales"
    scales = read_scales(folder)
    # The file is told by its number, as its name is that of the scale.
    for at, path in enumerate(sorted(folder.glob("*.toml")), start=1):
        for key, text in _words_of(scales[path.stem]):
            yield f"scales/, file {at} in the order of their names, '{key}'", text


def _words_of(scale: Scale) -> Iterator[tuple[str, str]]:
    """Key and text of each word of a scale that is published where a result has it."""
    yield "scale", scale.scale
    for at, outcome in enumerate(scale.outcomes, start=1):
        yield f"outcomes.{at}.outcome", outcome.outcome
    for at, low in enumerate(scale.too_low_for_points, start=1):
        yield f"too_low_for_points.{at}", low
    for at, code in enumerate(scale.not_met_without_points, start=1):
        yield f"not_met_without_points.{at}", code
    for at, code in enumerate(scale.met_without_points, start=1):
        yield f"met_without_points.{at}", code
    for at, reason in enumerate(scale.no_result.values(), start=1):
        yield f"no_result, line {at}", reason
