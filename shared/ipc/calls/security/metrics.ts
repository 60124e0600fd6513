/** Filled by the area metrics. */
export const metricsCalls = {};
