/** Filled by the area gdpr. */
export const gdprCalls = {};
