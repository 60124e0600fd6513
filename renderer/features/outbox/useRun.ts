import { useEffect, useRef } from 'react';
import type { OutboxState } from '../../../shared/domain/outbox.ts';
import { progressOf } from './outbox-model.ts';

/** How far the sending that runs has come; null while nothing is sent, or too little to count. */
export function useRun(state: OutboxState | null): { done: number; of: number } | null {
  const start = useRef(0);
  const left = state === null ? 0 : state.waiting + state.sending;
  const isRunning = state !== null && state.sending > 0;
  if (isRunning) start.current = Math.max(start.current, left);
  useEffect(() => {
    if (!isRunning) start.current = 0;
  }, [isRunning]);
  return isRunning ? progressOf(start.current, left) : null;
}
