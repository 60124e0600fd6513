/** Filled by the area alerts. */
export const alertsCalls = {};
