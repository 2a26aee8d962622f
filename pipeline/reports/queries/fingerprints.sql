-- one row is a school, with a fingerprint of all that its pages of the term say of its pupils.
with said as (
  select
    status.school_id,
    concat_ws(
      '|', status.pupil_id, status.subject, status.status, status.attainment_status,
      status.progress_status, status.change, status.own_steps, flag.reason, flag.certainty_band,
      flag.certainty is null
    ) as sentence
  from progress.status as status
  left join progress.flag as flag
    on flag.pupil_id = status.pupil_id
    and flag.term_no = status.term_no
    and flag.subject = status.subject
  where status.term_no = $term_no
  union all
  select
    school_id,
    concat_ws('|', pupil_id, region, team, class_name) as sentence
  from progress.venn
  where term_no = $term_no
)
select
  school_id,
  sha256(string_agg(sentence, chr(10) order by sentence)) as fingerprint
from said
group by school_id
order by school_id
