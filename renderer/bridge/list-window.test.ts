import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/ipc/errors.ts';
import { zero } from '../../shared/domain/money.ts';
import type { ListPage, ListQuery, ListRow } from '../../shared/domain/document-list.ts';
import { ListWindow, pageSize } from './list-window.ts';

type WindowQuery = Omit<ListQuery, 'offset' | 'limit'>;
const byChange: WindowQuery = { sort: { by: 'changed', direction: 'desc' } };
const row = (number: string): ListRow => ({
  type: 'sales_offer', number, date: null, partnerName: null, net: zero, gross: zero, status: 'ENTWURF', workflow: null, submittedBy: null, submittedAt: null, changedAt: null, fetchedAt: 1,
});

/** A source that answers when told to, so that every order of answers can be played. */
function source(total: number) {
  const asked: { query: ListQuery; answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
  const server = { total, prefix: 'A' };
  const settle = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });
  const fetch = (query: ListQuery): Promise<ListPage> => new Promise((resolve, reject) => {
    asked.push({
      query,
      answer: () => {
        const size = Math.max(0, Math.min(query.limit, server.total - query.offset));
        resolve({ rows: Array.from({ length: size }, (_unused, at) => row(`${server.prefix}${query.offset + at}`)), offset: query.offset, total: server.total, asOf: 7 });
        return settle();
      },
      fail: () => { reject(new Error('broken')); return settle(); },
    });
  });
  const list = new ListWindow(byChange, fetch, () => appError('database.failed'));
  const answerAll = async (): Promise<void> => { while (asked.length > 0) await asked.shift()?.answer(); };
  return { list, asked, server, answerAll };
}

describe('a window into a long list', () => {
  it('reads only the pages on screen, at any place', async () => {
    const { list, asked, answerAll } = source(1_000_000);
    list.ensure(0, 30);
    await answerAll();
    list.ensure(777_777, 777_807);
    expect(asked.map((one) => one.query.offset)).toEqual([777_700, 777_800]);
    await answerAll();
    expect(list.row(777_777)?.number).toBe('A777777');
    expect(list.row(500)).toBeUndefined();
    expect(list.state).toMatchObject({ total: 1_000_000, asOf: 7, error: null });
  });

  it('asks once for what is already on its way or there', async () => {
    const { list, asked, answerAll } = source(300);
    list.ensure(0, 10);
    list.ensure(5, 20);
    expect(asked).toHaveLength(1);
    await answerAll();
    list.ensure(0, 10);
    expect(asked).toHaveLength(0);
  });

  it('keeps rows on screen while changed data is read again', async () => {
    const { list, asked, server, answerAll } = source(300);
    list.ensure(0, 10);
    await answerAll();
    server.prefix = 'B';
    list.refresh();
    expect(list.row(3)?.number).toBe('A3');
    await answerAll();
    expect(list.row(3)?.number).toBe('B3');
    expect(asked).toHaveLength(0);
  });

  it('reads pages off screen again only when they come back', async () => {
    const { list, asked, server, answerAll } = source(300);
    list.ensure(0, 10);
    await answerAll();
    list.ensure(250, 260);
    await answerAll();
    server.prefix = 'B';
    list.refresh();
    expect(asked.map((one) => one.query.offset)).toEqual([200]);
    await answerAll();
    list.ensure(0, 10);
    expect(list.row(0)?.number).toBe('A0');
    await answerAll();
    expect(list.row(0)?.number).toBe('B0');
  });

  it('shows the old rows until the new query answers, then only new ones', async () => {
    const { list, asked, server, answerAll } = source(300);
    list.ensure(0, 10);
    await answerAll();
    server.prefix = 'C';
    server.total = 5;
    list.setQuery({ ...byChange, text: 'raps' });
    expect(list.state.isPrevious).toBe(true);
    expect(list.row(9)?.number).toBe('A9');
    await asked.shift()?.answer();
    expect(list.state).toMatchObject({ isPrevious: false, total: 5 });
    expect([list.row(0)?.number, list.row(9)]).toEqual(['C0', undefined]);
  });

  it('drops late answers of an earlier query', async () => {
    const { list, asked, server } = source(300);
    list.ensure(0, 10);
    list.setQuery({ ...byChange, text: 'r' });
    list.setQuery({ ...byChange, text: 'ra' });
    expect(asked.map((one) => one.query.text)).toEqual([undefined, 'r', 'ra']);
    server.prefix = 'NEW';
    await asked[2]?.answer();
    server.prefix = 'LATE';
    await asked[1]?.answer();
    await asked[0]?.answer();
    expect(list.row(0)?.number).toBe('NEW0');
  });

  it('lets the later of two readings of one page win', async () => {
    const { list, asked, server } = source(300);
    list.ensure(0, 10);
    list.refresh();
    server.prefix = 'NEW';
    await asked[1]?.answer();
    server.prefix = 'OLD';
    await asked[0]?.answer();
    expect(list.row(0)?.number).toBe('NEW0');
  });

  it('follows a list that shrinks under the scroll position', async () => {
    const { list, server, answerAll } = source(1000);
    list.ensure(950, 999);
    await answerAll();
    server.total = 150;
    list.refresh();
    await answerAll();
    expect(list.state.total).toBe(150);
    expect(list.row(950)).toBeUndefined();
    list.ensure(120, 149);
    await answerAll();
    expect(list.row(149)?.number).toBe('A149');
  });

  it('reports a failure, keeps its rows and recovers', async () => {
    const { list, asked, answerAll } = source(300);
    list.ensure(0, 10);
    await answerAll();
    list.refresh();
    await asked.shift()?.fail();
    expect(list.state.error?.code).toBe('database.failed');
    expect(list.row(0)?.number).toBe('A0');
    list.refresh();
    await answerAll();
    expect(list.state.error).toBeNull();
  });

  it('forgets what was not looked at for long, never what is on screen', async () => {
    const { list, answerAll } = source(1_000_000);
    for (let page = 0; page < 80; page += 1) {
      list.ensure(page * pageSize, page * pageSize + 20);
      await answerAll();
    }
    expect(list.row(0)).toBeUndefined();
    expect(list.row(79 * pageSize)?.number).toBe('A7900');
    expect(list.find((one) => one.number === 'A7905')).toBe(7905);
    expect(list.find((one) => one.number === 'A1')).toBe(-1);
  });

  it('tells its listeners, until they leave', async () => {
    const { list, answerAll } = source(10);
    let calls = 0;
    const leave = list.subscribe(() => { calls += 1; });
    list.ensure(0, 5);
    await answerAll();
    expect(calls).toBe(1);
    leave();
    list.refresh();
    await answerAll();
    expect(calls).toBe(1);
  });
});
