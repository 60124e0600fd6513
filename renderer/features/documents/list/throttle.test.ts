import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from './throttle.ts';

describe('throttle', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('runs at once, then rarely, and never misses the last call', () => {
    const run = vi.fn();
    const { call } = throttle(run, 100);
    for (let index = 0; index < 50; index++) {
      call();
      vi.advanceTimersByTime(10);
    }
    expect(run.mock.calls.length).toBe(6);
    call();
    vi.advanceTimersByTime(1000);
    expect(run.mock.calls.length).toBe(7);
    vi.advanceTimersByTime(1000);
    call();
    expect(run.mock.calls.length).toBe(8);
  });

  it('stays still when cancelled', () => {
    const run = vi.fn();
    const { call, cancel } = throttle(run, 100);
    call();
    call();
    cancel();
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
