/** How a queued message can end without being written. */
export type DropReason = "expired" | "replaced" | "aborted" | "overflow" | "discarded";

/** What became of a queued message: each ends in exactly one of these. "written" says that the socket took it. */
export type Outcome = "written" | DropReason;
