/** The six phases of handling an incident, as the product's source documents name them. Preparation stands, before any incident. */
export const phases = ['preparation', 'identification', 'containment', 'eradication', 'recovery', 'lessons'] as const;
export type Phase = (typeof phases)[number];

/** Those that an incident goes through. */
export const activePhases = phases.slice(1) as readonly Exclude<Phase, 'preparation'>[];

/** The gravest first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

const hour = 3_600_000;

/** Within which somebody has to have responded, milliseconds. */
export const responseMs: Readonly<Record<Severity, number>> = { critical: hour, high: 4 * hour, medium: 24 * hour, low: 7 * 24 * hour };

/** Whether a severity is at least as grave as another. */
export const isAtLeast = (severity: Severity, least: Severity): boolean => severities.indexOf(severity) <= severities.indexOf(least);

export const incidentRoles = ['lead', 'technical', 'communication', 'legal'] as const;
export type IncidentRole = (typeof incidentRoles)[number];
