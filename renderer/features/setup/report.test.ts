import { expect, it } from 'vitest';
import { appError } from '../../../shared/ipc/errors.ts';
import { adminReport, hasFailed, stepsFor, wasRefused, type CheckStep } from './report.ts';

const steps: CheckStep[] = [
  { id: 'address', status: 'failed', error: appError('profile.invalid'), detail: null },
  { id: 'erp', status: 'ok', error: null, detail: 'HTTP 200' },
  { id: 'tls', status: 'failed', error: appError('tls.expired'), detail: null },
  { id: 'identityProvider', status: 'skipped', error: null, detail: null },
  { id: 'issuer', status: 'skipped', error: null, detail: null },
];

it('judges a question by its own steps only, so that what is not asked yet does not fail it', () => {
  expect(stepsFor('server', steps).map((step) => step.id)).toEqual(['erp', 'tls']);
  expect(hasFailed(stepsFor('server', steps.slice(0, 2)))).toBe(false);
  expect(wasRefused(stepsFor('identityProvider', steps))).toBe(true);
  expect(wasRefused([])).toBe(false);
});

it('gives the administrator every fact, and advice for what failed only', () => {
  const text = adminReport(steps, { erpUrl: 'https://erp.example', issuer: '', clientId: 'valeo' }, {
    title: 'Title', step: (id) => id, status: (status) => status, error: (step) => step.error?.messageKey ?? null, advice: (id) => `advice ${id}`,
  });
  expect(text).toContain('erp: ok (HTTP 200)');
  expect(text).toContain('[tls.expired]');
  expect(text).toContain('advice tls');
  expect(text).not.toContain('advice erp');
  expect(text).toContain('Issuer: -');
});
