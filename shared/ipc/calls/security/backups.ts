/** Filled by the area backups. */
export const backupsCalls = {};
