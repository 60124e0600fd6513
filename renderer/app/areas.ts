import type { IconName } from '../ui/index.ts';

/** An entry of the rail. */
export type Area = { id: 'overview' | 'documents' | 'approvals' | 'audit' | 'policies' | 'security' | 'diagnostics' | 'settings'; icon: IconName; path: string };

export const areas: readonly Area[] = [
  { id: 'overview', icon: 'home', path: '/overview' },
  { id: 'documents', icon: 'documents', path: '/documents' },
  { id: 'approvals', icon: 'approvals', path: '/approvals' },
  { id: 'audit', icon: 'audit', path: '/audit' },
  { id: 'policies', icon: 'policy', path: '/policies' },
  { id: 'security', icon: 'security', path: '/security' },
];

/** Below the line: about the app itself. */
export const toolAreas: readonly Area[] = [
  { id: 'diagnostics', icon: 'diagnostics', path: '/diagnostics' },
  { id: 'settings', icon: 'settings', path: '/settings' },
];
