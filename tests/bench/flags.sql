-- After ten.sql: how many flags each measure raises. One begins where a measure holds that did not on the own day before.
, z AS (
  SELECT *, lag(m0, 1, 0) OVER w AS b0, lag(m1, 1, 0) OVER w AS b1, lag(m2, 1, 0) OVER w AS b2, lag(m3, 1, 0) OVER w AS b3,
    lag(m4, 1, 0) OVER w AS b4, lag(m5, 1, 0) OVER w AS b5, lag(m6, 1, 0) OVER w AS b6, lag(m7, 1, 0) OVER w AS b7,
    lag(m8, 1, 0) OVER w AS b8, lag(m9, 1, 0) OVER w AS b9
  FROM y WINDOW w AS (PARTITION BY pupil ORDER BY day))
SELECT sum(m0 * (1 - b0)) AS f0, sum(m1 * (1 - b1)) AS f1, sum(m2 * (1 - b2)) AS f2, sum(m3 * (1 - b3)) AS f3,
  sum(m4 * (1 - b4)) AS f4, sum(m5 * (1 - b5)) AS f5, sum(m6 * (1 - b6)) AS f6, sum(m7 * (1 - b7)) AS f7,
  sum(m8 * (1 - b8)) AS f8, sum(m9 * (1 - b9)) AS f9
FROM z
