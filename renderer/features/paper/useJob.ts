import { useEffect, useState } from 'react';
import type { Job } from '../../../shared/domain/job.ts';
import { call } from '../../bridge/call.ts';
import { onEvent } from '../../bridge/events.ts';

/** A job as it goes on; the one given is where it stood when it was started. */
export function useJob(started: Job | null): Job | null {
  const [job, setJob] = useState(started);
  const id = started?.id ?? null;
  useEffect(() => {
    setJob(started);
    if (id === null) return;
    const stop = onEvent('job.changed', (next) => { if (next.id === id) setJob(next); });
    // It may have ended before anybody listened.
    void call('jobs.list').then((jobs) => setJob((known) => jobs.find((one) => one.id === id) ?? known)).catch(() => undefined);
    return stop;
  }, [id]);
  return job;
}
