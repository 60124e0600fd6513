/** Filled by the area secrets. */
export const secretsCalls = {};
