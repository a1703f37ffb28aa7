-- The ten measures of ten.cfg for each pupil and own day, as SQLite and DuckDB both read it.
-- Status as in daemon/core/outcome.h: 1 late, 2 reported, 4 unreported. The made-up school has no leave and no unknown
-- lessons, so that no share needs its known time.
WITH
s AS (
  SELECT pupil, day, minutes, absent, status, CASE WHEN status IN (2, 4) THEN 1 ELSE 0 END AS away,
    lag(CASE WHEN status IN (2, 4) THEN 1 ELSE 0 END, 1, 0) OVER (PARTITION BY pupil ORDER BY day, start) AS away_before
  FROM lesson),
d AS MATERIALIZED (
  SELECT pupil, day, sum(minutes) AS e, sum(absent) AS a, sum(CASE WHEN status = 4 THEN absent ELSE 0 END) AS u,
    sum(CASE WHEN status = 1 THEN 1 ELSE 0 END) AS late, sum(away * (1 - away_before)) AS spells,
    sum(away * absent) AS missed, CASE WHEN sum(absent) = sum(minutes) THEN 1 ELSE 0 END AS gone
  FROM s GROUP BY pupil, day),
-- Lessons by subject on days that were not wholly missed; of those subjects that were missed often enough at all.
h AS MATERIALIZED (
  SELECT l.pupil, l.subject FROM lesson AS l JOIN d ON d.pupil = l.pupil AND d.day = l.day
  WHERE l.status IN (2, 4) AND d.gone = 0 GROUP BY l.pupil, l.subject HAVING count(*) >= 3),
o AS MATERIALIZED (
  SELECT l.pupil, l.day, l.subject, count(*) AS n, sum(CASE WHEN l.status IN (2, 4) THEN 1 ELSE 0 END) AS m,
    sum(l.minutes) AS e, sum(CASE WHEN l.status IN (2, 4) THEN l.absent ELSE 0 END) AS a
  FROM h JOIN lesson AS l ON l.pupil = h.pupil AND l.subject = h.subject GROUP BY l.pupil, l.day, l.subject),
g AS MATERIALIZED (
  SELECT d.pupil, d.day, h.subject, coalesce((1 - d.gone) * o.n, 0) AS n, coalesce((1 - d.gone) * o.m, 0) AS m,
    coalesce((1 - d.gone) * o.e, 0) AS e, coalesce((1 - d.gone) * o.a, 0) AS a,
    (1 - d.gone) * d.e AS all_e, (1 - d.gone) * d.missed AS all_a
  FROM h JOIN d ON d.pupil = h.pupil
    LEFT JOIN o ON o.pupil = h.pupil AND o.day = d.day AND o.subject = h.subject),
q AS (
  SELECT pupil, day, sum(n) OVER w AS n, sum(m) OVER w AS m, sum(e) OVER w AS e, sum(a) OVER w AS a,
    sum(all_e) OVER w AS all_e, sum(all_a) OVER w AS all_a
  FROM g WINDOW w AS (PARTITION BY pupil, subject ORDER BY day ROWS BETWEEN 39 PRECEDING AND CURRENT ROW)),
p AS MATERIALIZED (
  SELECT 100000 * pupil + day AS pupil_day FROM q
  WHERE n >= 6 AND m >= 3 AND a * (all_e - e) >= 3 * (all_a - a) * e AND 100 * m >= 30 * n),
r AS (SELECT *, sum(1 - gone) OVER (PARTITION BY pupil ORDER BY day ROWS UNBOUNDED PRECEDING) AS back FROM d),
v AS (
  SELECT pupil, day, count(*) OVER w10 AS days, sum(a) OVER w10 AS a10, sum(e) OVER w10 AS e10, sum(a) OVER w20 AS a20,
    sum(e) OVER w20 AS e20, sum(a) OVER w30 AS a30, sum(e) OVER w30 AS e30, sum(a) OVER w75 AS a75, sum(e) OVER w75 AS e75,
    sum(u) OVER w40 AS u40, sum(e) OVER w40 AS e40, sum(spells) OVER w20 AS spells, sum(late) OVER w20 AS late,
    sum(gone) OVER (PARTITION BY pupil, back ORDER BY day ROWS UNBOUNDED PRECEDING) AS run,
    count(*) OVER base AS base_days, coalesce(sum(a) OVER base, 0) AS base_a, coalesce(sum(e) OVER base, 0) AS base_e
  FROM r
  WINDOW w10 AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 9 PRECEDING AND CURRENT ROW),
    w20 AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 19 PRECEDING AND CURRENT ROW),
    w30 AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 29 PRECEDING AND CURRENT ROW),
    w40 AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 39 PRECEDING AND CURRENT ROW),
    w75 AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 74 PRECEDING AND CURRENT ROW),
    base AS (PARTITION BY pupil ORDER BY day ROWS BETWEEN 79 PRECEDING AND 20 PRECEDING)),
y AS (
  SELECT pupil, day,
    CASE WHEN days >= 10 AND 100 * a10 >= 25 * e10 THEN 1 ELSE 0 END AS m0,
    CASE WHEN days >= 10 AND 100 * a20 >= 10 * e20 THEN 1 ELSE 0 END AS m1,
    CASE WHEN days >= 10 AND 100 * a30 >= 15 * e30 THEN 1 ELSE 0 END AS m2,
    CASE WHEN days >= 10 AND 100 * a75 >= 10 * e75 THEN 1 ELSE 0 END AS m3,
    CASE WHEN days >= 10 AND 100 * u40 >= 5 * e40 THEN 1 ELSE 0 END AS m4,
    CASE WHEN run >= 3 THEN 1 ELSE 0 END AS m5,
    CASE WHEN spells >= 3 THEN 1 ELSE 0 END AS m6,
    CASE WHEN late >= 5 THEN 1 ELSE 0 END AS m7,
    CASE WHEN base_days >= 30 AND 100 * (a20 * base_e - base_a * e20) >= 8 * e20 * base_e THEN 1 ELSE 0 END AS m8,
    CASE WHEN 100000 * pupil + day IN (SELECT pupil_day FROM p) THEN 1 ELSE 0 END AS m9
  FROM v)
