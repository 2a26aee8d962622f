-- one row is a way in which rows name a pupil by UPN, with the UPN that counts
select n.*, coalesce(r.present, n.upn) as pupil
from named as n
left join replaced_upn as r
  on r.upn = n.upn
where n.upn <> ''
