import { describe, expect, it } from 'vitest';
import { documentSchema, type BusinessDocument, type DocumentRecord } from '../../../shared/domain/document.ts';
import { allConflicts, mergeDocuments, resolve } from '../../../shared/domain/merge.ts';
import type { Conflict } from '../../../shared/domain/outbox.ts';
import { choicesFor, choose, forgetChoices, useChoices } from './choices.ts';
import { articleOf, mergedByThemselves, mergedRows, nextUndecided, positionOf, stepTo } from './conflict-model.ts';

const document = (lines: readonly (readonly [string, string, string?])[], fields: Record<string, string> = {}): BusinessDocument => documentSchema.parse({
  type: 'sales_order', number: 'SO-1', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof', status: 'ENTWURF', totals: { net: '0', tax: '0', gross: '0' }, fields,
  lines: lines.map(([article, qty, price = '10']) => ({ article, qty, price, vatRate: '7', cost: null })),
});
const base = document([['Weizen', '1'], ['Raps', '2'], ['Hafer', '3']], { notes: 'a' });
const mine = document([['Weizen', '5'], ['Hafer', '3', '11'], ['Mais', '4']], { notes: 'b' });
const theirs = document([['Weizen', '6'], ['Raps', '2', '12'], ['Hafer', '4'], ['Kalk', '1']], { notes: 'c' });
const merge = mergeDocuments({ base, mine, mineLineIds: [0, 2, 3], theirs });

describe('the places of a conflict', () => {
  const conflicts = allConflicts(merge);
  const paths = conflicts.map(({ path }) => path);
  it('are gone through with J and K, not over the ends', () => {
    expect(paths).toEqual(['fields.notes', 'lines.0.qty', 'lines.1']);
    expect([stepTo(conflicts, null, 1), stepTo(conflicts, 'fields.notes', -1), stepTo(conflicts, 'fields.notes', 1), stepTo(conflicts, 'lines.1', 1), stepTo([], 'x', 1)]).toEqual(['fields.notes', 'fields.notes', 'lines.0.qty', 'lines.1', null]);
  });
  it('lead to the next that is open, round the end', () => {
    expect(nextUndecided(conflicts, {}, 'fields.notes')).toBe('lines.0.qty');
    expect(nextUndecided(conflicts, { 'lines.1': 'mine' }, 'lines.0.qty')).toBe('fields.notes');
    expect(nextUndecided(conflicts, { 'lines.1': 'mine', 'fields.notes': 'base', 'lines.0.qty': 'theirs' }, null)).toBeNull();
  });
  it('have the position and article that a person sees, also of a line that one side deleted', () => {
    expect([positionOf(merge, 2), articleOf(merge.plan, 2), positionOf(merge, 99)]).toEqual([3, 'Hafer', 0]);
    expect(positionOf(resolve(merge, { 'lines.1': 'mine' }), 1)).toBe(2);
  });
  it('are apart from what was merged without asking', () => {
    expect(mergedByThemselves(merge).map(({ conflict, outcome }) => `${conflict.path} ${outcome}`)).toEqual(['lines.2.qty theirs', 'lines.2.price mine', 'lines.3 mine', 'lines.4 theirs']);
  });
});

describe('the lines of the result', () => {
  it('say for each cell where it is from, and keep deleted lines in sight', () => {
    const choices = { 'lines.0.qty': 'mine', 'lines.1': 'mine' } as const;
    const rows = mergedRows(resolve(merge, choices), choices);
    expect(rows.map(({ line, isGone }) => `${line.article}${isGone ? ' –' : ''}`)).toEqual(['Weizen', 'Raps –', 'Hafer', 'Kalk', 'Mais']);
    expect(rows[0]?.cells).toMatchObject({ qty: 'chosen', price: 'same' });
    expect(rows[2]?.cells).toMatchObject({ qty: 'theirs', price: 'mine' });
    expect([rows[3]?.origin, rows[4]?.origin]).toEqual(['theirs', 'mine']);
  });
  it('mark what is open', () => expect(mergedRows(merge, {})[0]?.cells.qty).toBe('open'));
  it('are the chosen table where tables are chosen', () => {
    const without = mergeDocuments({ base: null, mine, mineLineIds: [0, 1, 2], theirs });
    expect(mergedRows(resolve(without, { lines: 'mine' }), { lines: 'mine' }).map(({ line, origin }) => `${line.article} ${origin}`)).toEqual(['Weizen chosen', 'Hafer chosen', 'Mais chosen']);
  });
});

describe('choices', () => {
  const record = (one: BusinessDocument): DocumentRecord => ({ document: one, workflow: null, etag: null, changedAt: null, fetchedAt: 1 });
  const conflict = (about: BusinessDocument): Conflict => ({
    command: { id: '00000000-0000-4000-8000-000000000001', kind: 'update', state: 'conflict', key: { type: 'sales_order', number: 'SO-1' }, draftId: null, partnerName: null, queuedAt: 1, attempts: 1, nextAttemptAt: null, error: null, after: null },
    base: record(base), mine, mineLineIds: [0, 2, 3], theirs: record(about), theirsBy: null, theirsAt: null,
  });
  const made = (about: BusinessDocument): ReturnType<typeof choicesFor> => choicesFor(useChoices.getState().made[conflict(about).command.id], conflict(about));
  it('stay while the server stays as it was, and count for nothing when it changed again', () => {
    choose(conflict(theirs), 'fields.notes', 'mine');
    choose(conflict(theirs), 'lines.1', 'theirs');
    expect(made(theirs)).toEqual({ choices: { 'fields.notes': 'mine', 'lines.1': 'theirs' }, isAnew: false });
    expect(made(base)).toEqual({ choices: {}, isAnew: true });
    choose(conflict(base), 'date', 'base');
    expect(made(base)).toEqual({ choices: { date: 'base' }, isAnew: false });
    forgetChoices(conflict(base).command.id);
    expect(made(base)).toEqual({ choices: {}, isAnew: false });
  });
});
