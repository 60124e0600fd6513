import { useCallback, useRef, useState } from 'react';

/** A function that stays the same and does what the latest one does: what gets it need not be drawn again. */
export function useStableCall<A extends unknown[]>(run: (...given: A) => void): (...given: A) => void {
  const latest = useRef(run);
  latest.current = run;
  return useCallback((...given: A) => latest.current(...given), []);
}

/** The value given first that says the same, by its JSON: for small objects that are made anew with every key. */
export function useStableValue<T>(value: T): T {
  const [held] = useState({ value, text: JSON.stringify(value) });
  const text = JSON.stringify(value);
  if (held.text !== text) Object.assign(held, { value, text });
  return held.value;
}
