import { Jobs } from '../../main/jobs.ts';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import { silentLog } from '../../main/log/log.ts';

/** Where the long work of a test's workspace runs. */
export const testJobs = (clock: Clock = systemClock): Jobs => new Jobs({ now: clock.now, after: clock.after, log: silentLog });
