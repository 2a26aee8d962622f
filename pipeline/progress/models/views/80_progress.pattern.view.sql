-- one row is a measure of a group of pupils in a school, term and subject: how many, of how many
-- A measure is known of whom it can be told: at the higher standard only where the scale has one;
-- pupils on own steps stand apart. The subjects of the Venn diagram together: pupils due in each,
-- known where each is known. Below 10 known there is no share. The interval is Wilson's score
-- interval with z = 1.96 (E. B. Wilson 1927, JASA 22, 209-212; method 3 of R. G. Newcombe 1998,
-- Statistics in Medicine 17, 857-872): (2x + z² ± z √(z² + 4x (1 − x ÷ n))) ÷ (2 (n + z²)).
with
  rings as (
    select
      count(*) as subjects,
      string_agg(subject, '+' order by position) as names
    from reference.subject
    where in_venn
  ),
  each_subject as (
    select
      pupil_id,
      school_id,
      term_no,
      subject,
      own_steps,
      case attainment_status when 'at_expectation' then 1 when 'below' then 0 end as at_expected,
      case when at_higher then 1 when not at_higher then 0 end as at_higher,
      case
        when own_steps then null
        when status = 'underachieving' then 1
        when status = 'on_track' then 0
      end as underachieving
    from progress.status
  ),
  every_subject as (
    select * from each_subject
    union all by name
    select
      e.pupil_id,
      e.school_id,
      e.term_no,
      r.names as subject,
      bool_or(e.own_steps) as own_steps,
      case when count(e.at_expected) = r.subjects then min(e.at_expected) end as at_expected,
      case when count(e.at_higher) = r.subjects then min(e.at_higher) end as at_higher,
      cast(null as integer) as underachieving
    from each_subject as e
    join reference.subject as s
      on s.subject = e.subject
      and s.in_venn
    cross join rings as r
    group by e.pupil_id, e.school_id, e.term_no, r.names, r.subjects
    having count(*) = r.subjects
  ),
  measured as (
    select
      e.school_id,
      e.term_no,
      e.subject,
      m.measure,
      e.own_steps,
      case m.measure
        when 'at_expected' then e.at_expected
        when 'at_higher' then e.at_higher
        else e.underachieving
      end as holds,
      n.academic_year,
      n.term,
      n.year_group,
      coalesce(n.class_name, 'No class named') as class_name,
      case when n.pupil_premium then 'yes' when not n.pupil_premium then 'no' else 'not_recorded' end
        as pupil_premium,
      case
        when n.sen in ('E', 'S', 'K', 'A', 'P') then 'yes'
        when n.sen = 'N' then 'no'
        else 'not_recorded'
      end as sen,
      case
        when n.sen in ('E', 'S') then 'plan'
        when n.sen in ('K', 'A', 'P') then 'support'
        when n.sen = 'N' then 'no'
        else 'not_recorded'
      end as sen_provision,
      case when n.eal then 'yes' when not n.eal then 'no' else 'not_recorded' end as eal,
      coalesce(n.sex, 'not_recorded') as sex
    from every_subject as e
    join core.enrolment as n
      on n.pupil_id = e.pupil_id
      and n.school_id = e.school_id
      and n.term_no = e.term_no
      and n.on_roll
    cross join (values ('at_expected'), ('at_higher'), ('underachieving')) as m(measure)
    where m.measure <> 'underachieving'
      or e.subject in (select subject from reference.subject)
  ),
  counted as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      subject,
      measure,
      case
        when grouping(year_group) = 0 then 'year_group'
        when grouping(class_name) = 0 then 'class'
        when grouping(pupil_premium) = 0 then 'pupil_premium'
        when grouping(sen) = 0 then 'sen'
        when grouping(sen_provision) = 0 then 'sen_provision'
        when grouping(eal) = 0 then 'eal'
        when grouping(sex) = 0 then 'sex'
        else 'school'
      end as grouped_by,
      coalesce(year_group, class_name, pupil_premium, sen, sen_provision, eal, sex, 'school')
        as group_value,
      count(*) as due,
      count(holds) as known,
      count(*) filter (where holds is null and own_steps) as own_steps_pupils,
      count(*) filter (where holds is null and not own_steps) as missing,
      count(*) filter (where holds = 1) as pupils
    from measured
    group by grouping sets (
      (school_id, academic_year, term, term_no, subject, measure),
      (school_id, academic_year, term, term_no, subject, measure, year_group),
      (school_id, academic_year, term, term_no, subject, measure, class_name),
      (school_id, academic_year, term, term_no, subject, measure, pupil_premium),
      (school_id, academic_year, term, term_no, subject, measure, sen),
      (school_id, academic_year, term, term_no, subject, measure, sen_provision),
      (school_id, academic_year, term, term_no, subject, measure, eal),
      (school_id, academic_year, term, term_no, subject, measure, sex)
    )
  ),
  shared as (
    select
      *,
      case when known >= 10 then pupils / known end as share,
      1.96 * 1.96 as zz
    from counted
  ),
  spread as (
    select *, sqrt(zz * (zz + 4 * pupils * (1 - share))) as width
    from shared
  )
select
  * exclude (zz, width),
  case when width is not null then greatest(0, (2 * pupils + zz - width) / (2 * (known + zz))) end
    as lowest,
  case when width is not null then least(1, (2 * pupils + zz + width) / (2 * (known + zz))) end
    as highest
from spread
