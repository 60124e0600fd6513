/** Where the log is shown with this filter. */
export const logAddress = (part: { resource?: string; correlationId?: string; index?: number }): string =>
  `/audit?${new URLSearchParams(Object.entries(part).map(([name, value]) => [name, String(value)])).toString()}`;
