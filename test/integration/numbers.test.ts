import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { orderContent } from '../fixtures/drafts.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
afterEach(() => world.end());

const asked = (): number => world.backend.control.requests.filter(({ path }) => path === '/api/numbering/next').length;
async function desk(): Promise<Pc> {
  world = await startWorld({ documents: 20 });
  const pc = await world.pc();
  await pc.as('sales');
  await pc.pulled();
  return pc;
}

describe('the number range of the server', () => {
  it('loses no number to forms that were looked at and drafts that were never sent', async () => {
    const { workspace: { documents, offline: { drafts } } } = await desk();
    const { number, provisional } = await documents.nextNumber('sales_order');
    expect(provisional).toBe(false);
    documents.numbers.release('sales_order', number);
    expect(await documents.nextNumber('sales_order')).toEqual({ number, provisional: false });
    const { id } = await drafts.create(randomUUID(), orderContent(number, { numberProvisional: false }), null);
    await drafts.discard(id);
    expect((await documents.nextNumber('sales_order')).number).toBe(number);
    expect(asked()).toBe(1);

    // It is another draft's by now: what comes back gets one of its own when it is sent.
    const other = await drafts.create(randomUUID(), orderContent(number, { numberProvisional: false }), null);
    const back = await drafts.restore(id);
    expect(back.content).toMatchObject({ numberProvisional: true, partnerId: 'K10001' });
    expect(await drafts.send(other.id, false)).toMatchObject({ status: 'stored', record: { document: { number } } });
    const sent = await drafts.send(id, false);
    expect(sent).toMatchObject({ status: 'stored' });
    expect(sent.status === 'stored' && sent.record.document.number).not.toBe(number);
    expect((await documents.nextNumber('sales_order')).number).not.toBe(number);
  });
});
