import { isAtLeast, type Phase, type Severity } from './phases.ts';

/** One thing to do in a phase; texts under `check.<id>`. `from`: asked for from this severity upwards. */
export type CheckItem = { id: string; phase: Phase; from: Severity };

const item = (phase: Phase, from: Severity, ...ids: string[]): CheckItem[] => ids.map((id) => ({ id, phase, from }));

/** Every item of the checklists. An id is never changed once it has shipped: incidents keep it. */
export const checkItems: readonly CheckItem[] = [
  ...item('preparation', 'low', 'contacts', 'access', 'backupProven', 'logsKept'),
  ...item('preparation', 'high', 'exerciseHeld'),
  ...item('identification', 'low', 'facts', 'severitySet', 'leadNamed', 'logSecured'),
  ...item('identification', 'medium', 'dutiesDecided', 'scope'),
  ...item('identification', 'high', 'managementTold', 'secondChannel'),
  ...item('containment', 'low', 'spreadStopped'),
  ...item('containment', 'medium', 'sessionsEnded', 'secretsRotated', 'evidenceBefore'),
  ...item('containment', 'high', 'accountsDisabled', 'networkCut'),
  ...item('eradication', 'low', 'causeRemoved', 'patched'),
  ...item('eradication', 'medium', 'backdoorsSearched', 'policiesCompared'),
  ...item('recovery', 'low', 'serviceBack', 'watched'),
  ...item('recovery', 'medium', 'restoreVerified', 'auditVerified'),
  ...item('recovery', 'high', 'customersTold'),
  ...item('lessons', 'low', 'causeWritten', 'followUps'),
  ...item('lessons', 'medium', 'meetingHeld', 'detectionImproved'),
];

export const checkIds: readonly string[] = checkItems.map(({ id }) => id);

/** What is to be done in a phase of an incident of this severity. */
export const checksOf = (phase: Phase, severity: Severity): CheckItem[] => checkItems.filter((one) => one.phase === phase && isAtLeast(severity, one.from));
