/** Filled by the area score. */
export const scoreCalls = {};
