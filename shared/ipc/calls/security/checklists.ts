/** Filled by the area checklists. */
export const checklistsCalls = {};
