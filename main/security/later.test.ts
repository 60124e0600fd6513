import { expect, it } from 'vitest';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { silentLog } from '../log/log.ts';
import { LaterSecurityCentre } from './later.ts';
import type { SecurityPorts } from './ports.ts';

it('takes what happens before anybody opened it for nothing to do', async () => {
  const centre = new LaterSecurityCentre({ log: silentLog } as unknown as SecurityPorts);
  expect(() => centre.reconnected()).not.toThrow();
  expect(() => centre.watchers({} as ConnectionProfile)).not.toThrow();
  await expect(centre.stop()).resolves.toBeUndefined();
  expect(() => centre.opened).toThrow('not opened');
});
