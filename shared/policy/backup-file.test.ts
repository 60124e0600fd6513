import { describe, expect, it } from 'vitest';
import { foreign, formatBackup, originIn } from './backup-file.ts';
import { parseRules } from './parse.ts';
import { ruleSchema } from './rule.ts';

const here = { server: 'erp.example', tenant: 'nord' };
const rule = ruleSchema.parse({ id: 'a', when: { kpiId: 'stock.wheat', severity: ['warn'] }, action: 'sales.notify' });

describe('a backup file', () => {
  it('says where its rules come from, in a form that the server reads too', () => {
    const text = formatBackup([rule], here);
    expect(JSON.parse(text)).toMatchObject({ rules: [{ id: 'a' }] });
    expect(parseRules(text)).toEqual({ rules: [rule], problems: [], origin: here });
  });

  it('may come from the server or somebody else, and says nothing of it then', () => {
    for (const value of [null, [], {}, { rules: [] }, { origin: 'erp.example' }, { origin: { server: '' } }, { origin: { tenant: 'nord' } }]) expect(originIn(value)).toBeNull();
    expect(parseRules(JSON.stringify({ rules: [rule] })).origin).toBeNull();
  });

  it('is foreign by its server, then by its tenant', () => {
    expect(foreign(null, here)).toBeNull();
    expect(foreign(here, here)).toBeNull();
    expect(foreign({ ...here, server: 'other.example' }, here)).toBe('server');
    expect(foreign({ ...here, tenant: 'süd' }, here)).toBe('tenant');
    expect(foreign({ ...here, tenant: null }, here)).toBe('tenant');
  });
});
