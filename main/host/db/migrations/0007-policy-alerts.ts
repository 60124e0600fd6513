/**
 * Alerts of the past with the decision taken then, for replay; `id` is their order in time. FROZEN: never edit, write the
 * next migration instead.
 */
export const policyAlertsMigration = `
CREATE TABLE policy_alerts (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;
