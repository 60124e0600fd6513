import { describe, expect, it } from 'vitest';
import { drillEveryMs, isPassed, isProven, judgeBackups, timelineOf, type DrillProof, type ServerBackup } from './backup.ts';

const now = Date.UTC(2026, 10, 27, 12);
const hour = 3_600_000;
const day = 24 * hour;
const backup = (ago: number, more: Partial<ServerBackup> = {}): ServerBackup => ({ id: `b${ago}`, kind: 'daily', createdAt: now - ago, size: 1, sha256: null, keptUntil: null, offsite: { copied: true, copiedAt: now - ago, location: 'x' }, ...more });
const proof = (ago: number, more: Partial<DrillProof['evidence']> = {}, fault: DrillProof['fault'] = null): DrillProof => ({
  evidence: { backup: 'b', startedAt: new Date(now - ago - 1000).toISOString(), finishedAt: new Date(now - ago).toISOString(), rowsCompared: 10, mismatches: 0, rpoSeconds: 1, rtoSeconds: 1, sha256: 'a'.repeat(64), problems: [], signature: '', ...more }, key: '', checkedAt: now - ago, by: 'admin', tookMs: 5, file: null, fault,
});

describe('backups', () => {
  it('are recent for a day', () => {
    expect(judgeBackups([backup(day)], [], now).isRecent).toBe(true);
    expect(judgeBackups([backup(day + 1)], [], now).isRecent).toBe(false);
    expect(judgeBackups([], [], now)).toMatchObject({ newest: null, age: null, isRecent: false, gaps: { days: 0, months: 0 } });
  });

  it('are elsewhere as long as a copy of the last two days is', () => {
    expect(judgeBackups([backup(hour)], [], now).offsite.state).toBe('copied');
    expect(judgeBackups([backup(hour, { offsite: { copied: false, copiedAt: null, location: 'x' } }), backup(3 * day)], [], now).offsite).toEqual({ state: 'old', at: now - 3 * day });
    expect(judgeBackups([backup(hour, { offsite: { copied: false, copiedAt: null, location: 'x' } })], [], now).offsite.state).toBe('missing');
    expect(judgeBackups([backup(hour, { offsite: null })], [], now).offsite.state).toBe('unknown');
    const late = backup(60 * day, { offsite: { copied: true, copiedAt: now - hour, location: 'x' } });
    expect(judgeBackups([backup(hour, { offsite: { copied: false, copiedAt: null, location: 'x' } }), late], [], now).offsite, 'an old one that was copied today').toEqual({ state: 'old', at: now - 60 * day });
  });

  it('are kept too short where the server means to delete them before the rule lets it', () => {
    const kept = (kind: ServerBackup['kind'], days: number) => backup(day, { kind, keptUntil: now - day + days * day });
    expect(judgeBackups([kept('daily', 30), kept('monthly', 365), kept('other', 1), backup(day)], [], now).keptTooShort).toBe(0);
    expect(judgeBackups([kept('daily', 14), kept('monthly', 30)], [], now).keptTooShort).toBe(2);
  });

  it('have gaps only since there are any', () => {
    expect(judgeBackups([backup(hour), backup(day + hour), backup(4 * day + hour)], [], now).gaps.days).toBe(2);
    expect(judgeBackups([backup(hour)], [], now).gaps.days).toBe(0);
  });
});

describe('the timeline', () => {
  it('has thirty days and twelve months, and no gap before the first backup', () => {
    const { days, months } = timelineOf([backup(hour), backup(2 * day + hour)], now);
    expect([days.length, months.length]).toEqual([30, 12]);
    expect(days.slice(0, 4).map(({ state }) => state)).toEqual(['there', 'missing', 'there', 'before']);
    expect(months.map(({ state }) => state).slice(0, 2)).toEqual(['there', 'before']);
    expect(timelineOf([], now).days.every(({ state }) => state === 'before')).toBe(true);
  });

  it('counts what should be gone', () => {
    expect(judgeBackups([backup(40 * day), backup(40 * day, { kind: 'monthly' }), backup(hour, { keptUntil: now - 2 * day })], [], now).overdue).toBe(2);
  });
});

describe('a drill', () => {
  it('proves its backup until a later one says otherwise', () => {
    expect(isProven('b', [])).toBe(false);
    expect(isProven('b', [proof(day)])).toBe(true);
    expect(isProven('c', [proof(day)])).toBe(false);
    expect(isProven('b', [proof(day), proof(hour, { mismatches: 1 })])).toBe(false);
  });

  it('is passed when it is believed, compared something, found everything, and was in time', () => {
    expect(isPassed(proof(0))).toBe(true);
    for (const bad of [proof(0, { mismatches: 1 }), proof(0, { problems: ['offsite'] }), proof(0, { rowsCompared: 0 }), proof(0, { rtoSeconds: 4 * 3600 + 1 }), proof(0, {}, 'signature')]) expect(isPassed(bad)).toBe(false);
  });

  it('is due at once when none was passed, and a quarter after the last that was', () => {
    expect(judgeBackups([], [proof(day, { mismatches: 3 })], now)).toMatchObject({ lastPassed: null, isDrillDue: true });
    expect(judgeBackups([], [proof(drillEveryMs)], now).isDrillDue).toBe(true);
    const soon = judgeBackups([], [proof(10 * day), proof(20 * day), proof(day, {}, 'key')], now);
    expect(soon.isDrillDue).toBe(false);
    expect(soon.drillDueAt).toBe(now - 10 * day + drillEveryMs);
    expect(judgeBackups([], [{ ...proof(-3650 * day), checkedAt: now }], now).drillDueAt, 'a server that dates it ahead wins nothing').toBe(now + drillEveryMs);
  });
});
