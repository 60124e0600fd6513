import { describe, expect, it } from 'vitest';
import { treeOf } from '../../../test/fixtures/audit/random-log.ts';
import { everything } from '../../../shared/domain/audit.ts';
import { database, honest, incoming, keeper, note, proof, read, reopen, start } from '../../../test/fixtures/audit/keeper.ts';

describe('entries whose time cannot be', () => {
  const at = (index: number, shift: number): string => {
    const parts = JSON.parse(honest[index] as string) as unknown[];
    return JSON.stringify([parts[0], new Date(Date.parse(String(parts[1])) + shift).toISOString(), ...parts.slice(2)]);
  };
  /** Reads the rest of a log in which one entry claims another time. */
  const readOn = (index: number, canonical: string): void => {
    const entries = honest.with(index, canonical);
    const other = treeOf(entries);
    expect(keeper.append(300, incoming(entries.slice(300)))).toEqual({ size: 700, finding: null });
    expect(keeper.accept(note(700, other), proof(300, 700, other), start, 'server'), 'they are in the signed tree').toBeNull();
  };

  it('are read, and told of until an alarm is raised', () => {
    read(300);
    readOn(400, at(400, -86_400_000));
    expect(keeper.backdated()).toBe(400);
    reopen();
    expect(keeper.backdated()).toBe(400);
    keeper.raise('time', 400, null, 9);
    expect(keeper.backdated()).toBeNull();
    expect(keeper.status()).toMatchObject({ size: 700, verified: { size: 700 }, alarms: [{ fault: 'time', firstBad: 400 }] });
  });

  it('are those that were not there when we looked last and claim to be older', () => {
    read(300);
    database.writer.run('UPDATE audit_checkpoints SET seen_at = ?', Date.parse('2027-01-01T00:00:00Z'));
    readOn(400, honest[400] as string);
    expect(keeper.backdated()).toBe(300);
  });

  it('are none that are as much out of order as clocks may differ', () => {
    read(300);
    readOn(400, at(400, Date.parse((JSON.parse(honest[399] as string) as string[])[1] as string) - Date.parse((JSON.parse(honest[400] as string) as string[])[1] as string) - 300_000));
    expect(keeper.backdated()).toBeNull();
  });

  it('are forgotten with what they came with', () => {
    read(300);
    keeper.append(300, incoming([at(300, -86_400_000)]));
    expect(keeper.backdated()).toBe(300);
    keeper.append(301, incoming(['nonsense']));
    expect([keeper.log.size, keeper.backdated()]).toEqual([300, null]);
  });

  it('are not looked for in what was judged before and is read again', () => {
    read(300);
    readOn(400, at(400, -86_400_000));
    keeper.raise('time', 400, null, 9);
    const entries = honest.with(400, at(400, -86_400_000));
    // As after the rescue of a damaged file: the checkpoints are there, the entries come again.
    for (const table of ['audit_tiles', 'audit_columns', 'audit_values']) database.writer.run(`DELETE FROM ${table}`);
    reopen();
    for (let first = 0; first < 700; first += 100) expect(keeper.append(first, incoming(entries.slice(first, first + 100)))).toEqual({ size: first + 100, finding: null });
    expect(keeper.accept(note(700, treeOf(entries)), [], start, 'server')).toBeNull();
    expect(keeper.backdated()).toBeNull();
  });

  it('are found by the time they claim, and counted where they stand', () => {
    read(300);
    const claimed = at(400, -86_400_000);
    readOn(400, claimed);
    const moment = Date.parse((JSON.parse(claimed) as string[])[1] as string);
    const [before] = JSON.parse(honest[399] as string) as [number, string];
    for (let round = 0; round < 2; round++) {
      expect([...keeper.log.indexes({ ...everything, from: moment, to: moment })]).toContain(400);
      expect([...keeper.log.indexes({ ...everything, from: moment + 1 })]).not.toContain(400);
      expect(keeper.log.timeline(everything, 50).buckets.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)).toBe(700);
      const day = Date.parse((JSON.parse(honest[before - 1] as string) as string[])[1] as string);
      expect(keeper.log.review(day, day).entries, 'the backdated one beside the one before it').toBe(2);
      reopen();
    }
  });
});
