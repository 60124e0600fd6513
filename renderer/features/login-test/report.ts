import type { LoginTestFinding, LoginTestReport } from '../../../shared/domain/login-test.ts';

export type ReportWords = {
  title: string;
  step: (id: LoginTestFinding['id']) => string;
  status: (status: LoginTestFinding['status']) => string;
  cause: (finding: LoginTestFinding) => string | null;
  advice: (finding: LoginTestFinding) => string | null;
};

export type Tested = { erpUrl: string; issuer: string; clientId: string };

/** The first finding that needs somebody: what to look at before the rest. */
export const firstProblem = (findings: readonly LoginTestFinding[]): LoginTestFinding | null =>
  findings.find(({ status }) => status === 'failed') ?? findings.find(({ status }) => status === 'warning') ?? null;

/** The findings as plain text for the administration: settings, words from the token, what to change. Never a token. */
export function loginTestText({ findings, redirectUri }: LoginTestReport, tested: Tested, words: ReportWords): string {
  const lines = [words.title, '', `ERP: ${tested.erpUrl}`, `Issuer: ${tested.issuer}`, `Client-ID: ${tested.clientId}`, `Redirect-URI: ${redirectUri}`, ''];
  for (const finding of findings) {
    lines.push(`${words.step(finding.id)}: ${words.status(finding.status)}${finding.detail === null ? '' : ` (${finding.detail})`}`);
    const [cause, advice] = [words.cause(finding), words.advice(finding)];
    if (cause !== null) lines.push(`  ${cause}${finding.error === null ? '' : ` [${finding.error.code}]`}`);
    if (advice !== null) lines.push(`  → ${advice}`);
  }
  return lines.join('\n');
}
