import { expect, it } from 'vitest';
import { screenOf } from './screens.ts';

it.each([
  ['#/documents/sales_order/SO-1', 'documents'], ['#/approvals', 'approvals'], ['#/settings/new-profile', 'settings'], ['#/diagnostics', 'diagnostics'], ['', 'overview'], ['#/', 'overview'], ['#/unknown', 'overview'], ['#/toString', 'overview'],
] as const)('%s leads to %s', (hash, screen) => expect(screenOf(hash)).toBe(screen));
