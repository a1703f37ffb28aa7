/* How a number of pupils or cases is told to whoever may see none below FEW: the board, the data protection officer, the huvudman,
 * every paper and file. Pure, and the only place where it is decided.
 *
 * Rounded down to a multiple of FEW. Then no number that is told is below it, and neither is any sum or difference of such numbers,
 * whichever groups, periods or papers they are of: each is a multiple too, and 0 says nothing. That the numbers of one term are told
 * once, and never anew (dashboard/casebook/casebook_intime.h), keeps a number from being found by watching it pass a multiple. */
#ifndef DASHBOARD_FEW_H
#define DASHBOARD_FEW_H

#define FEW 5 /* docs/support.md: no figure is of fewer */

/* 0: it is not told. */
static inline int few_told(int number)
{
    return number - number % FEW;
}

#endif
