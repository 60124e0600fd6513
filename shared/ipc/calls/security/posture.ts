/** Filled by the area posture. */
export const postureCalls = {};
