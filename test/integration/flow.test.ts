import { afterEach, describe, expect, it } from 'vitest';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { DocumentType } from '../../shared/domain/document-types.ts';
import { toDocument } from '../../shared/domain/draft-document.ts';
import { followTypes } from '../../shared/domain/flow.ts';
import { exact, multiply, subtract, zero } from '../../shared/domain/money.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';
import { storeDocument } from './store-document.ts';

let world: World;
afterEach(() => world.end());

async function pc(name: string, options: BackendOptions = {}): Promise<Pc> {
  world = await startWorld(options);
  const made = await world.pc();
  await made.as(name);
  await made.pulled();
  return made;
}

/** A stored document of a type that has what the test needs, as the server holds it. */
function stored(type: DocumentType, needs = ''): DocumentKey {
  const row = world.backend.control.db.prepare(`SELECT number FROM documents WHERE type = ? ${needs} ORDER BY id LIMIT 1`).get(type) as { number: string } | undefined;
  if (row === undefined) throw new Error(`no ${type} ${needs}`);
  return { type, number: row.number };
}
const names = (flow: { nodes: { key: DocumentKey }[] }): string[] => flow.nodes.map(({ key }) => key.number);

describe('the document flow', () => {
  it('is the same from every document of a chain that was pulled', async () => {
    const { workspace } = await pc('admin');
    const payment = stored('payment_received');
    const whole = await workspace.flow.cached(payment);
    expect(whole.nodes.map(({ key }) => key.type)).toEqual(expect.arrayContaining(['sales_order', 'sales_delivery', 'sales_invoice', 'payment_received']));
    expect(whole.nodes.every(({ cached }) => cached)).toBe(true);
    for (const { key } of whole.nodes) expect(names(await workspace.flow.cached(key)).toSorted()).toEqual(names(whole).toSorted());
    expect(whole.progress?.paid).toBe(whole.progress?.invoiced);
  });

  it('is read as far as it is named on a server that cannot list, and no further', async () => {
    const { workspace } = await pc('admin', { api: 'shipped' });
    const payment = stored('payment_received');
    await workspace.documents.refresh(payment);
    expect((await workspace.flow.cached(payment)).nodes).toHaveLength(2);
    const flow = await workspace.flow.complete(payment);
    expect(flow.nodes.map(({ key }) => key.type)).toEqual(expect.arrayContaining(['payment_received', 'sales_invoice', 'sales_delivery', 'sales_order']));
    expect(flow.nodes.every(({ cached }) => cached)).toBe(true);
    world.backend.control.clearRequests();
    await workspace.flow.complete(payment);
    expect(world.backend.control.requests).toHaveLength(0);
  });

  it('goes on with what is still open: the rest of an order after a part of it was delivered, the rest of an invoice after a part was paid', async () => {
    const { workspace, host } = await pc('admin');
    const order = stored('sales_order', "AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.body LIKE '%\"sourceOrder\":\"' || documents.number || '\"%')");
    const whole = toDocument((await workspace.flow.followUp(order, 'sales_delivery')).content);
    const [line] = whole.lines;
    if (line === undefined) throw new Error('an order without lines');
    const half = { ...line, qty: multiply(line.qty, exact('0.5')) };
    await storeDocument(workspace, { ...whole, number: 'DL-HALF', lines: [half, ...whole.lines.slice(1)], fields: { deliveryAddress: 'Hof 1', ...whole.fields } });
    const rest = toDocument((await workspace.flow.followUp(order, 'sales_delivery')).content);
    expect(rest.lines.map(({ article, qty }) => [article, qty])).toEqual([[line.article, half.qty]]);

    const invoice = stored('sales_invoice', "AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.body LIKE '%\"salesInvoiceId\":\"' || documents.number || '\"%')");
    const gross = (await host.documents.get(invoice))?.document.totals.gross ?? zero;
    const paid = toDocument((await workspace.flow.followUp(invoice, 'payment_received')).content);
    expect(exact(String(paid.fields['amount']))).toBe(exact(gross));
    await storeDocument(workspace, { ...paid, number: 'PAY-PART', fields: { ...paid.fields, amount: '1' } });
    const open = toDocument((await workspace.flow.followUp(invoice, 'payment_received')).content);
    expect(exact(String(open.fields['amount']))).toBe(subtract(gross, exact('1')));
  });

  it('asks once for a document that does not exist', async () => {
    const { workspace } = await pc('admin');
    const document = { ...toDocument((await workspace.flow.followUp(stored('sales_offer'), 'sales_order')).content), number: 'SO-ghost' };
    const saved = await storeDocument(workspace, { ...document, fields: { ...document.fields, salesOfferId: 'ANG-ghost' } });
    for (let look = 0; look < 3; look++) expect((await workspace.flow.complete(saved.document)).nodes.find(({ key }) => key.number === 'ANG-ghost')).toMatchObject({ cached: false });
    expect(world.backend.control.requests.filter(({ path }) => path.includes('ANG-ghost'))).toHaveLength(1);
  });
});

describe('follow-up documents', () => {
  const steps = (Object.entries(followTypes) as [DocumentType, DocumentType[]][]).flatMap(([from, all]) => all.map((to) => [from, to] as const));

  it.each(['security', 'shipped'] as const)('come from the server for every step it knows, can be saved, and stand in the chain: %s', async (api) => {
    const { workspace, host } = await pc('admin', { api });
    for (const [from, to] of steps) {
      const key = stored(from, "AND status NOT IN ('ABGELEHNT', 'STORNIERT')");
      const { content, source } = await workspace.flow.followUp(key, to);
      expect(source, `${from} > ${to}`).toBe('server');
      const document = toDocument(content);
      const original = (await host.documents.get(key))?.document;
      expect(document).toMatchObject({ type: to, partnerId: original?.partnerId, partnerName: original?.partnerName });
      // Most of the seed was followed already, and then nothing is open; what is known of a server that lists nothing says nothing.
      if (to !== 'payment_received' && (api === 'shipped' || document.lines.length > 0)) expect(document.lines).toEqual(original?.lines);
      // The shipped server cannot store deliveries at all.
      if (api === 'shipped' && to === 'sales_delivery') continue;
      const fields = { deliveryAddress: 'Am Speicher 4', dueDate: '2027-01-01', ...document.fields };
      await storeDocument(workspace, { ...document, lines: original?.lines ?? [], fields });
      expect(names(await workspace.flow.cached(key)), `${from} > ${to}`).toContain(document.number);
    }
  });

  it('are made here without a network, and say so', async () => {
    const { workspace } = await pc('sales');
    const order = stored('sales_order');
    const fromServer = await workspace.flow.followUp(order, 'sales_invoice');
    await world.backend.close();
    await expect.poll(() => workspace.monitor.state().status, { timeout: 20_000 }).toBe('offline');
    const made = await workspace.flow.followUp(order, 'sales_invoice');
    expect([fromServer.source, made.source]).toEqual(['server', 'client']);
    expect(made.content).toMatchObject({ type: 'sales_invoice', numberProvisional: true, partnerId: fromServer.content.partnerId, lines: fromServer.content.lines });
    // The notes are ours to take over; everything that the server takes over, we do too.
    expect(made.content.fields).toMatchObject(fromServer.content.fields);
  });

  it('are refused where nothing follows, and to whom may not write', async () => {
    const { workspace } = await pc('controller');
    await expect(workspace.flow.followUp(stored('payment_received'), 'sales_order')).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    await expect(workspace.flow.followUp(stored('sales_order'), 'sales_invoice')).rejects.toMatchObject({ error: { code: 'server.forbidden' } });
  });
});

it('copies a posted document as a new one with a number of its own', async () => {
  const { workspace, host } = await pc('admin');
  const { number } = world.backend.control.db.prepare("SELECT d.number FROM documents d JOIN workflow w ON w.number = d.number WHERE d.type = 'sales_order' AND w.state = 'posted' LIMIT 1").get() as { number: string };
  const key: DocumentKey = { type: 'sales_order', number };
  const content = await workspace.flow.copy(key);
  expect(content).toMatchObject({ type: 'sales_order', status: 'ENTWURF', numberProvisional: false, partnerId: (await host.documents.get(key))?.document.partnerId });
  expect(content.number).toMatch(/^SO-/);
  expect(content.number).not.toBe(number);
  const saved = await storeDocument(workspace, toDocument(content));
  expect(saved.workflow?.state).toBe('draft');
});
