/** Filled by the area incidents. */
export const incidentsCalls = {};
