import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankContent } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import { noHistory, redo, remember, undo, type History } from './history.ts';

const blank = blankContent('sales_order', '2026-11-22');
const named = (number: string): DraftContent => ({ ...blank, number });

describe('undo and redo', () => {
  it('take typing in one place without a pause as one step', () => {
    let history = noHistory;
    for (const [index, text] of ['', 'A', 'AB'].entries()) history = remember(history, named(text), 'number', index * 200);
    history = remember(history, named('ABC'), 'number', 5_000);
    history = remember(history, named('ABCD'), 'date', 5_100);
    expect(history.past.map(({ content }) => content.number)).toEqual(['', 'ABC', 'ABCD']);
    expect(undo(history, named('x'))).toMatchObject({ place: 'date', content: { number: 'ABCD' } });
  });

  it('have nothing at the ends', () => {
    expect(undo(noHistory, blank)).toBeNull();
    expect(redo(noHistory, blank)).toBeNull();
  });

  it('forget what was taken back once something new is typed, and go back 500 steps', () => {
    let history = noHistory;
    for (let index = 0; index < 600; index++) history = remember(history, named(String(index)), null, index);
    expect(history.past).toHaveLength(500);
    const back = undo(history, named('600'));
    expect(back?.content.number).toBe('599');
    expect(remember(back?.history ?? noHistory, named('599'), null, 0).future).toEqual([]);
  });

  it('lead back to every state and forward again, in any order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('type', 'undo', 'redo'), { maxLength: 60 }), (steps) => {
      let history: History = noHistory;
      let now = named('0');
      let count = 0;
      const states = [now];
      let at = 0;
      for (const step of steps) {
        if (step === 'type') {
          history = remember(history, now, null, 0);
          now = named(String(++count));
          states.splice(++at, states.length, now);
        } else {
          const found = (step === 'undo' ? undo : redo)(history, now);
          expect(found === null).toBe(step === 'undo' ? at === 0 : at === states.length - 1);
          if (found === null) continue;
          at += step === 'undo' ? -1 : 1;
          ({ history, content: now } = found);
        }
        expect(now).toBe(states[at]);
      }
    }));
  });
});
