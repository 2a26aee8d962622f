-- one row is a tenth of the risks that last year's pupils would have had, and what came of them
-- Calibration error of a subject and year group: Σ pupils × |share below − mean risk| ÷ pupils.
with
  tenths as (
    select
      t.term_no,
      t.subject,
      t.year_group,
      least(cast(floor(10 * t.risk) as integer), 9) as tenth,
      count(*) as pupils,
      avg(t.risk) as predicted,
      count(*) filter (where t.below_next) as pupils_below,
      max(t.tested_on) as tested_on
    from tested_risk as t
    where t.risk is not null
    group by t.term_no, t.subject, t.year_group, least(cast(floor(10 * t.risk) as integer), 9)
  ),
  judged as (
    select
      term_no,
      subject,
      year_group,
      sum(pupils) as pupils_tested,
      sum(abs(pupils_below - pupils * predicted)) / sum(pupils) as calibration_error,
      max(tested_on) as tested_on
    from tenths
    group by term_no, subject, year_group
  )
select
  y.academic_year,
  y.term,
  t.term_no,
  t.subject,
  t.year_group,
  t.tenth,
  t.pupils,
  t.predicted,
  t.pupils_below,
  j.pupils_tested,
  j.calibration_error,
  c.error_by_chance,
  j.tested_on,
  j.calibration_error <= most.number and j.pupils_tested >= least_tested.number as good_enough
from tenths as t
join judged as j
  on j.term_no = t.term_no
  and j.subject = t.subject
  and j.year_group = t.year_group
join risk_by_chance as c
  on c.subject = t.subject
  and c.year_group = t.year_group
join reference.term as y
  on y.term_no = t.term_no
cross join (
  select number from reference.setting where name = 'risk.most_calibration_error'
) as most
cross join (
  select number from reference.setting where name = 'risk.least_tested'
) as least_tested
