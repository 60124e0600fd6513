import { expect, it } from 'vitest';
import type { LoginTestFinding } from '../../../shared/domain/login-test.ts';
import { firstProblem, loginTestText } from './report.ts';

const finding = (id: LoginTestFinding['id'], status: LoginTestFinding['status'], more: Partial<LoginTestFinding> = {}): LoginTestFinding => ({ id, status, cause: null, detail: null, error: null, ...more });
const findings = [finding('login', 'ok', { detail: 'vera' }), finding('scopes', 'warning', { cause: 'noErpScopes' }), finding('erp', 'failed', { cause: 'erpRefused', detail: 'HTTP 401' })];

it('puts what fails before what only warns', () => {
  expect(firstProblem(findings)?.id).toBe('erp');
  expect(firstProblem(findings.slice(0, 2))?.id).toBe('scopes');
  expect(firstProblem(findings.slice(0, 1))).toBeNull();
});

it('writes everything the administration needs', () => {
  const text = loginTestText({ findings, userName: 'vera', redirectUri: 'http://127.0.0.1/callback' }, { erpUrl: 'https://erp.example', issuer: 'https://id.example', clientId: 'valeo' }, {
    title: 'Test', step: (id) => `step.${id}`, status: (status) => status, cause: ({ cause }) => cause, advice: ({ cause }) => (cause === null ? null : `do ${cause}`),
  });
  expect(text.split('\n')).toEqual([
    'Test', '', 'ERP: https://erp.example', 'Issuer: https://id.example', 'Client-ID: valeo', 'Redirect-URI: http://127.0.0.1/callback', '',
    'step.login: ok (vera)', 'step.scopes: warning', '  noErpScopes', '  → do noErpScopes', 'step.erp: failed (HTTP 401)', '  erpRefused', '  → do erpRefused',
  ]);
});
