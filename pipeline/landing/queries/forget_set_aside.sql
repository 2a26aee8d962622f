-- rows that were rejected because they may be two pupils' are looked at anew
create or replace temp table rejected_before as
select file_id, count(*) as lines
from landing.rejected_row
where rule_code in ('row_shared_upn', 'row_ambiguous_pupil')
group by file_id;

delete from landing.rejected_row
where rule_code in ('row_shared_upn', 'row_ambiguous_pupil');
