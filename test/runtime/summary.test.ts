import { describe, expect, it } from 'vitest';
import { add, judge, lastLine, readPlaywrightReport, readVitestReport } from './summary.ts';

const vitest = (change: object = {}): string => JSON.stringify({ numTotalTests: 6, numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, testResults: [], ...change });

describe('the reports', () => {
  it('are read from vitest', () => {
    expect(readVitestReport(vitest())).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('count a file that does not load as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }, { status: 'failed', assertionResults: [{ status: 'failed' }] }, { status: 'passed', assertionResults: [] }];
    expect(readVitestReport(vitest({ testResults }))).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('are read from Playwright, flaky and broken set-ups counted as failures', () => {
    expect(readPlaywrightReport(JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] }))).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it.each([undefined, '', '{', '[]', 'null', '{"other":1}'])('are missing when they are %j', (text) => {
    expect(readVitestReport(text)).toBeUndefined();
    expect(readPlaywrightReport(text)).toBeUndefined();
  });
});

describe('a stage', () => {
  const good = { passed: 2, failed: 0, skipped: 1 };
  it('passes as its report says', () => {
    expect(judge(0, good)).toEqual(good);
  });
  it('fails when it crashed before its report', () => {
    expect(judge(0, undefined).failed).toBe(1);
    expect(judge(null, undefined).failed).toBe(1);
  });
  it('fails when it ran nothing', () => {
    expect(judge(0, { passed: 0, failed: 0, skipped: 0 }).failed).toBe(1);
  });
  it('fails when the runner says so and no test did', () => {
    expect(judge(1, good)).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(judge(null, good).failed).toBe(1);
  });
  it('does not count a failure twice', () => {
    expect(judge(1, { passed: 2, failed: 1, skipped: 0 }).failed).toBe(1);
  });
});

it('sums up in one line', () => {
  expect(lastLine(add({ passed: 1, failed: 0, skipped: 2 }, { passed: 3, failed: 1, skipped: 0 }))).toBe('4 passed, 1 failed, 2 skipped');
});
