/** The areas of the security centre, in the order of its tabs. An area is also the second part of its address: `/security/findings`. */
export const securityAreas = ['score', 'posture', 'findings', 'alerts', 'metrics', 'backups', 'secrets', 'incidents', 'gdpr', 'checklists', 'review'] as const;
export type SecurityArea = (typeof securityAreas)[number];
