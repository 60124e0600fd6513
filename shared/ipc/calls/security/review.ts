/** Filled by the area review. */
export const reviewCalls = {};
