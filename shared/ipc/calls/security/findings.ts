/** Filled by the area findings. */
export const findingsCalls = {};
