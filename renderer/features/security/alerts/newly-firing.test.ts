import { expect, it } from 'vitest';
import { newlyFiring } from './newly-firing.ts';

const alert = (id: string, since: number, origin: 'local' | 'alertmanager') => ({ id, name: id, severity: 'warning', origin, since });

it('tells what newly fires once, and nothing at the first look', () => {
  const first = newlyFiring(null, [alert('a', 1, 'alertmanager')]);
  expect(first.fresh).toEqual([]);
  const second = newlyFiring(first.known, [alert('a', 1, 'alertmanager'), alert('b', 2, 'local')]);
  expect(second.fresh.map(({ id }) => id)).toEqual(['b']);
  // A better minute, or another threshold, moves the beginning of the app's own alert: it is no new one.
  const third = newlyFiring(second.known, [alert('a', 1, 'alertmanager'), alert('b', 9, 'local')]);
  expect(third.fresh).toEqual([]);
  const fourth = newlyFiring(third.known, [alert('a', 7, 'alertmanager')]);
  expect(fourth.fresh.map(({ id }) => id)).toEqual(['a']);
  expect(newlyFiring(fourth.known, [alert('a', 7, 'alertmanager'), alert('b', 12, 'local')]).fresh.map(({ id }) => id)).toEqual(['b']);
});
