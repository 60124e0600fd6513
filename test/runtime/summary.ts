/** How a stage went, in tests. */
export type Count = { passed: number; failed: number; skipped: number };

export const none: Count = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The very last line of `npm test`; scripts read it. */
export function lastLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/**
 * Reads vitest's JSON report. A file that cannot even be loaded has no failed test, so each such file counts as one failure.
 * @param text content of the report, or undefined when the runner wrote none
 * @returns undefined when there is no readable report
 */
export function readVitestReport(text: string | undefined): Count | undefined {
  const report = parse(text);
  if (report === undefined || !('numTotalTests' in report)) return undefined;
  const files = Array.isArray(report['testResults']) ? report['testResults'] as { status?: string; assertionResults?: { status?: string }[] }[] : [];
  const broken = files.filter(({ status, assertionResults = [] }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed')).length;
  return {
    passed: number(report['numPassedTests']),
    failed: number(report['numFailedTests']) + broken,
    skipped: number(report['numPendingTests']) + number(report['numTodoTests']),
  };
}

/** Reads Playwright's JSON report; errors outside of tests (a broken setup, a file that does not load) count as failures. */
export function readPlaywrightReport(text: string | undefined): Count | undefined {
  const report = parse(text);
  const stats = report?.['stats'] as Record<string, unknown> | undefined;
  if (report === undefined || stats === undefined) return undefined;
  const errors = Array.isArray(report['errors']) ? report['errors'].length : 0;
  return { passed: number(stats['expected']), failed: number(stats['unexpected']) + number(stats['flaky']) + errors, skipped: number(stats['skipped']) };
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a stage counts as. A runner that says it failed, crashed before it wrote a report, or ran nothing at all is a failure,
 * whatever its report says.
 * @param exitCode null when it was ended by a signal
 */
export function judge(exitCode: number | null, report: Count | undefined): Count {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const ranNothing = report.passed + report.failed + report.skipped === 0;
  const failedSilently = exitCode !== 0 && report.failed === 0;
  return ranNothing || failedSilently ? { ...report, failed: report.failed + 1 } : report;
}
