"""A national term: every primary school of a country as large as England in one standard export.

The pupils, schools and outcomes are invented, from syllables and a fixed seed, so the file is the
same each time; only its size is real: 4.5 million pupils in 17,000 schools, three subjects each.
"""

import sys
from pathlib import Path

import duckdb

from pipeline.identifiers import CHECK_ALPHABET

SCHOOLS, PUPILS = 17_000, 4_500_000
SUBJECTS = 3
# URNs and local authorities of this range are given to nobody.
FIRST_URN, FIRST_AUTHORITY, SCHOOLS_AN_AUTHORITY = 900_001, 980, 2_000

DICE = "create macro dice(x, seed, sides) as cast(hash(x, seed) % sides as bigint)"
MAKE = """
copy (
  with
    school as (
      select
        range as s,
        {first_urn} + range as urn,
        cast({first_authority} + range // {schools_an_authority} as varchar)
          || cast(2000 + range % {schools_an_authority} as varchar) as number,
        ['Brin', 'Cald', 'Dunt', 'Eskel', 'Fenwar', 'Gorse', 'Harl', 'Inkle', 'Jarn', 'Kest',
          'Lund', 'Marr'][dice(range, 1, 12) + 1]
          || ['abeck', 'ethorp', 'imarsh', 'oquay', 'ubury', 'ymoor'][dice(range, 2, 6) + 1]
          || [' Primary School', ' Academy', ' CE Primary', ' Infant and Junior'][
            dice(range, 3, 4) + 1] as name
      from range($schools)
    ),
    pupil as (
      select
        range as p,
        range * $schools // $pupils as s
      from range($pupils)
    ),
    placed as (
      select p, s, p - s * $pupils // $schools as place, dice(p, 4, 7) as grade
      from pupil
    ),
    described as (
      select
        p,
        s,
        place,
        case grade when 0 then 'R' else cast(grade as varchar) end as year_group,
        number || lpad(cast((25 - grade) % 100 as varchar), 2, '0')
          || lpad(cast(place % 1000 as varchar), 3, '0') as body,
        urn,
        name,
        ['Quell', 'Brack', 'Thorn', 'Wim', 'Osk', 'Pell', 'Drum', 'Lav', 'Säl', 'Nor', 'Vex',
          'Zand'][dice(p, 5, 12) + 1]
          || ['a', 'e', 'i', 'o', 'u', 'y'][dice(p, 6, 6) + 1]
          || ['more', 'wick', 'stow', 'dine', 'gard', 'low', 'by', 'nett'][dice(p, 7, 8) + 1]
          as surname,
        ['Al', 'Be', 'Ca', 'Do', 'Él', 'Fi', 'Ga', 'Hu', 'Ir', 'Jo'][dice(p, 8, 10) + 1]
          || ['bin', 'dric', 'lan', 'mi', 'ra', 'vo', 'xa', 'zet'][dice(p, 9, 8) + 1] as forename,
        date '2020-09-01' - interval (grade) year + interval (dice(p, 10, 365)) day as born,
        grade
      from placed
      join school using (s)
    )
  select
    '2025-26' as academic_year,
    'autumn' as term,
    urn as school,
    name as school_name,
    substr('{alphabet}', ({body_sum}) % 23 + 1, 1) || body as upn,
    lpad(cast(place + 1 as varchar), 6, '0') as admission_number,
    surname,
    forename,
    cast(born as date) as date_of_birth,
    case dice(p, 11, 2) when 0 then 'M' else 'F' end as sex,
    year_group,
    case grade when 0 then 'R' else cast(grade as varchar) end
      || case when place % 2 = 0 then 'A' else 'B' end as class_name,
    case when dice(p, 12, 100) < 25 then 'Y' else 'N' end as pupil_premium,
    case when dice(p, 13, 100) < 5 then 'E' when dice(p, 13, 100) < 19 then 'K' else 'N' end
      as sen,
    case when dice(p, 14, 100) < 22 then 'Y' else 'N' end as eal,
    ['WBRI', 'WOTH', 'BAFR', 'AIND', 'MWBC'][dice(p, 15, 5) + 1] as ethnicity,
    cast(80 + dice(p, 16, 200) / 10 as decimal(5, 1)) as attendance_percent,
    subject,
    'ta' as scale,
    case
      when dice(3 * p + n, 17, 200) = 0 then 'A'
      when dice(3 * p + n, 17, 200) = 1 then null
      when dice(3 * p + n, 17, 100) < 30 then 'WTS'
      when dice(3 * p + n, 17, 100) < 80 then 'EXS'
      else 'GDS'
    end as outcome,
    'Data drop' as assessment
  from described
  cross join (values (1, 'maths'), (2, 'reading'), (3, 'writing')) as subjects (n, subject)
  order by p, n
) to '{file}' (format csv, header)
"""


def pupils_in(schools: int) -> int:
    """Pupils in so many schools, as many a school as in the whole country."""
    return round(PUPILS * schools / SCHOOLS)


def make_national(file: Path, schools: int = SCHOOLS, pupils: int | None = None) -> int:
    """Write the export of so many schools, of the country's size or of so many pupils.

    Returns its rows.
    """
    con = duckdb.connect(config={"memory_limit": "3GB", "temp_directory": f"{file}.spill"})
    try:
        pupils = pupils or pupils_in(schools)
        con.execute(DICE)
        con.execute(_made(file), {"schools": schools, "pupils": pupils})
    finally:
        con.close()
    return SUBJECTS * pupils


def _made(file: Path) -> str:
    return MAKE.format(
        file=str(file).replace("'", "''"),
        first_urn=FIRST_URN,
        first_authority=FIRST_AUTHORITY,
        schools_an_authority=SCHOOLS_AN_AUTHORITY,
        alphabet=CHECK_ALPHABET,
        body_sum=" + ".join(
            f"{p} * cast(substr(body, {p - 1}, 1) as integer)" for p in range(2, 14)
        ),
    )


if __name__ == "__main__":
    print(make_national(Path(sys.argv[1]), int(sys.argv[2])))
