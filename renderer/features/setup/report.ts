import type { z } from 'zod';
import type { checkStepSchema } from '../../../shared/ipc/calls/app.ts';

export type CheckStep = z.infer<typeof checkStepSchema>;
export type StepId = CheckStep['id'];

/** The steps that the answers to each question can prove. */
export const stepsOf = {
  server: ['erp', 'tls', 'clock'],
  identityProvider: ['identityProvider', 'issuer'],
} as const satisfies Record<string, readonly StepId[]>;

/** The steps of one question. Those that were skipped because there was nothing to check stay, so that none is silently green. */
export const stepsFor = (question: keyof typeof stepsOf, steps: readonly CheckStep[]): CheckStep[] =>
  steps.filter((step) => (stepsOf[question] as readonly StepId[]).includes(step.id));

export const hasFailed = (steps: readonly CheckStep[]): boolean => steps.some((step) => step.status === 'failed');

/** True when nothing of a question was checked: its address was not accepted at all. */
export const wasRefused = (steps: readonly CheckStep[]): boolean => steps.length > 0 && steps.every((step) => step.status === 'skipped');

type ReportTexts = { title: string; step: (id: StepId) => string; status: (status: CheckStep['status']) => string; error: (step: CheckStep) => string | null; advice: (id: StepId) => string };

/** What to send to the administrator: the facts of every step, and for those that failed what to do. Plain text. */
export function adminReport(steps: readonly CheckStep[], input: { erpUrl: string; issuer: string; clientId: string }, texts: ReportTexts): string {
  const lines = [texts.title, '', `ERP: ${input.erpUrl || '-'}`, `Issuer: ${input.issuer || '-'}`, `Client-ID: ${input.clientId || '-'}`, ''];
  for (const step of steps) {
    lines.push(`${texts.step(step.id)}: ${texts.status(step.status)}${step.detail === null ? '' : ` (${step.detail})`}`);
    const error = texts.error(step);
    if (error !== null) lines.push(`  ${error} [${step.error?.code ?? ''}]`);
    if (step.status === 'failed') lines.push(`  → ${texts.advice(step.id)}`);
  }
  return lines.join('\n');
}
