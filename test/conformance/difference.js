// How differences are written down. `actual` is what a class does itself, and `over` what holdfast does when it dials with that
// class; where one of them is missing there is no difference.

/** A difference of the class itself; holdfast over it does as the standard says. */
export const hidden = (name, actual, reason) => ({ case: name, actual, reason });

/** A difference that is there over that class too: the same, or another one. */
export const shown = (name, actual, reason, over = actual) => ({ case: name, actual, over, reason });

export const from = (source, list) => list.map((each) => ({ ...each, source }));

/** The end of a link without an `error`. */
export const NO_ERROR = ["open at 1", 'close at 3 1006 "" false'];

/** What a case says that has waited for an event until its patience was over. */
export const NEVER_CLOSED = "failed: waited in vain for close";

/** A reason to close, and no code: the reason is left out too. */
export const NO_REASON_SENT = { during: 2, client: ['close at 3 1005 "" true'], server: { code: 1005, reason: "" } };
