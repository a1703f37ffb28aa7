-- The ten measures of ten.cfg for pupil ?1 at their latest day, from the days ?2 on that the longest window needs: whether each holds.
WITH
l AS MATERIALIZED (
  SELECT day, minutes, subject, absent, status, CASE WHEN status IN (2, 4) THEN 1 ELSE 0 END AS away,
    lag(CASE WHEN status IN (2, 4) THEN 1 ELSE 0 END, 1, 0) OVER (ORDER BY day, start) AS away_before
  FROM lesson WHERE pupil = ?1 AND day >= ?2),
d AS MATERIALIZED (
  SELECT day, sum(minutes) AS e, sum(absent) AS a, sum(absent) FILTER (WHERE status = 4) AS u, sum(status = 1) AS late,
    sum(away * (1 - away_before)) AS spells, sum(absent) = sum(minutes) AS gone, row_number() OVER (ORDER BY day DESC) AS back
  FROM l GROUP BY day),
o AS (
  SELECT count(*) AS n, sum(away) AS m, sum(minutes) AS e, sum(away * absent) AS a
  FROM l JOIN d USING (day) WHERE back <= 40 AND NOT gone GROUP BY subject),
w AS MATERIALIZED (
  SELECT count(*) AS days, sum(a) FILTER (WHERE back <= 10) AS a10, sum(e) FILTER (WHERE back <= 10) AS e10,
    sum(a) FILTER (WHERE back <= 20) AS a20, sum(e) FILTER (WHERE back <= 20) AS e20,
    sum(a) FILTER (WHERE back <= 30) AS a30, sum(e) FILTER (WHERE back <= 30) AS e30,
    sum(a) FILTER (WHERE back <= 75) AS a75, sum(e) FILTER (WHERE back <= 75) AS e75,
    sum(u) FILTER (WHERE back <= 40) AS u40, sum(e) FILTER (WHERE back <= 40) AS e40,
    min(back) FILTER (WHERE NOT gone) AS attended, sum(spells) FILTER (WHERE back <= 20) AS spells,
    sum(late) FILTER (WHERE back <= 20) AS late, count(*) FILTER (WHERE back > 20) AS base_days,
    sum(a) FILTER (WHERE back > 20) AS base_a, sum(e) FILTER (WHERE back > 20) AS base_e
  FROM d)
SELECT days >= 10 AND 100 * a10 >= 25 * e10, days >= 10 AND 100 * a20 >= 10 * e20, days >= 10 AND 100 * a30 >= 15 * e30,
  days >= 10 AND 100 * a75 >= 10 * e75, days >= 10 AND 100 * coalesce(u40, 0) >= 5 * e40, coalesce(attended - 1, days) >= 3,
  spells >= 3, late >= 5, base_days >= 30 AND 100 * (a20 * base_e - base_a * e20) >= 8 * e20 * base_e,
  EXISTS (SELECT 1 FROM o, (SELECT sum(e) AS e, sum(a) AS a FROM o) AS every
    WHERE o.n >= 6 AND o.m >= 3 AND o.a * (every.e - o.e) >= 3 * (every.a - o.a) * o.e AND 100 * o.m >= 30 * o.n)
FROM w
