-- one row is a tenth of the risks that last year's pupils of all schools would have had.
select
  calibration.*
from progress.risk_calibration as calibration
inner join reference.year_group as year_group
  on year_group.year_group = calibration.year_group
where calibration.term_no = $term_no - 3
order by
  calibration.subject,
  year_group.position,
  calibration.tenth
