/**
 * Runs at once, then at most once per `interval` milliseconds, and a last time when calls came in between: during a pull
 * the cache changes many times a second, and each change must reach the screen without each one costing a query.
 */
export function throttle(run: () => void, interval: number): { call: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWaiting = false;
  const rest = (): void => {
    timer = undefined;
    if (!isWaiting) return;
    isWaiting = false;
    call();
  };
  const call = (): void => {
    if (timer !== undefined) {
      isWaiting = true;
      return;
    }
    timer = setTimeout(rest, interval);
    run();
  };
  return {
    call,
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      isWaiting = false;
    },
  };
}
