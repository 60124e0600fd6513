import { useEffect, useState } from 'react';

/** Whole seconds until a moment (epoch milliseconds), counted down; 0 when it is past. */
export function useSecondsLeft(until: number): number {
  const left = (): number => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 200);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
