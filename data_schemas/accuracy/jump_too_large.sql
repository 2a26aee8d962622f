-- one row is a result that differs from the pupil's last one by more than a child can change
-- code = "jump_too_large"
-- title = "Results change as far as a child can"
-- severity = "warning"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The outcome is much {found} than the pupil's last one on the same scale: is it mistyped, or another pupil's?"
-- several = "{count} outcomes are much higher or lower than the pupils' last ones on the same scale."
-- fix = "Compare the outcome with the pupil's work or the test paper, and correct it; if it is right, there is nothing to do."
-- why = "A slip of a digit makes a child the best or the worst of the class for a term. On a test five times the error of a difference (reliability 0.85) is asked for, on a ladder more rungs than are climbed in a year and a half."
-- limits = { steps = 3, steps_a_term = 2, errors = 5.0, reliability = 0.85, share = 0.75 }
with
  compared as (
    select
      c.*,
      case
        when c.scale_kind = 'ladder' then $steps + $steps_a_term * (c.term_no - c.term_no_before)
        when c.scale_kind = 'cohort' then $errors * sqrt(2 * (1 - $reliability))
        when s.spread is not null then $errors * s.spread * sqrt(2 * (1 - $reliability))
        when s.maximum is not null then $share * (s.maximum - s.minimum)
      end as most,
      -- marks of different papers are compared by place among all who sat the paper
      case
        when c.scale_kind = 'cohort' then c.z - c.z_before
        else c.value - c.value_before
      end as change
    from carried_result as c
    join reference.scale as s
      on s.scale = c.scale
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  pupil_id,
  file_id,
  line,
  'outcome' as column_name,
  case when change > 0 then 'higher' else 'lower' end as found
from compared
where abs(change) > most
