import { expect, it } from 'vitest';
import { doctorReport } from './doctor-report.ts';

it('names version, state and each step with its code', () => {
  const report = doctorReport(
    { state: 'wrongItem', isUsable: true, givesKey: false, steps: [{ id: 'service', status: 'ok', cause: null, repair: null }, { id: 'entry', status: 'failed', cause: 'wrongItem', repair: 'rewriteEntry' }] },
    { version: '1.2.3', platform: 'linux' },
    { title: 'Check', state: 'State', stateName: 'Wrong entry', step: (id) => `<${id}>`, status: (status) => `[${status}]`, cause: () => 'It is missing.' },
  );
  expect(report).toBe('Check\nVALEO NeuroERP Admin 1.2.3 · linux\nState: Wrong entry (wrongItem)\n1. <service>: [ok]\n2. <entry>: [failed] – It is missing. (wrongItem)');
});
