import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Sabotage } from './computer.ts';
import type { Api } from './server.ts';
import { simulate } from './world.ts';

/** Seeds within which each broken variant must be noticed. */
const patience = 400;

/** Programs that differ from ours in one thing each, and the promise that each of them breaks. */
const variants: [what: string, api: Api, sabotage: Sabotage, broken: RegExp][] = [
  ['sends a new idempotency key with every attempt and asks for no precondition', 'security', {
    tamper: (request) => {
      if (request.method !== 'GET') request.headers.set('idempotency-key', randomUUID());
      request.headers.delete('if-none-match');
      request.headers.delete('if-match');
      return request;
    },
  }, /exactly one effect|no silent overwrite|what is approved is what was seen/],
  ['updates without If-Match', 'security', {
    tamper: (request) => {
      request.headers.delete('if-match');
      return request;
    },
  }, /no silent overwrite/],
  ['sends a lost create again without looking', 'shipped', {
    erp: (erp) => ({ ...erp, documents: { ...erp.documents, get: () => Promise.reject(failure('server.notFound')) } }),
  }, /exactly one effect|no silent overwrite|convergence/],
  ['writes without reading first where there are no versions', 'shipped', {
    erp: (erp) => {
      // Whatever the server has by now, it is taken for what the change began from.
      const bases = new Map<string, Awaited<ReturnType<typeof erp.documents.get>>>();
      return {
        ...erp,
        documents: {
          ...erp.documents,
          get: async (key, options) => {
            const record = bases.get(key.number) ?? (await erp.documents.get(key, options));
            bases.set(key.number, record);
            return record;
          },
        },
      };
    },
  }, /no silent overwrite|exactly one effect|convergence/],
  ['forgets that a command was sent', 'shipped', {
    host: (host) => ({
      ...host,
      outbox: { ...host.outbox, commit: (changes, records) => host.outbox.commit(changes.map((change) => (change.do === 'put' ? { ...change, entry: { ...change.entry, sentAt: null } } : change)), records) },
    }),
  }, /exactly one effect/],
  ['says "saved" before it is', 'security', {
    host: (host) => ({
      ...host,
      drafts: {
        ...host.drafts,
        save: (request) => (request.content.number === '' ? host.drafts.save(request) : Promise.resolve({ version: request.version + 1, savedAt: request.now })),
      },
    }),
  }, /no acknowledged draft lost/],
  ['loses the draft when it is queued', 'security', {
    host: (host) => ({
      ...host,
      outbox: { ...host.outbox, enqueue: (request) => host.outbox.enqueue(request).then((entries) => host.outbox.commit([{ do: 'removeDraft', id: request.draftId }, ...entries.map(({ id }) => ({ do: 'remove', id }) as const)]).then(() => [])) },
    }),
  }, /no acknowledged draft lost/],
  ['decides twice for each confirm', 'shipped', {
    erp: (erp) => ({
      ...erp,
      workflow: { ...erp.workflow, transition: async (request, options) => {
        const first = await erp.workflow.transition(request, options);
        if (request.action !== 'submit') return first;
        await erp.workflow.transition({ ...request, action: 'approve' }, options).catch(() => undefined);
        return first;
      } },
    }),
  }, /approvals never doubled/],
  ['changes documents without looking whether they were submitted', 'security', {
    erp: (erp) => ({ ...erp, workflow: { ...erp.workflow, state: () => Promise.resolve({ state: 'draft', version: null, submittedBy: null, submittedAt: null }) } }),
  }, /what is approved is what was seen|convergence/],
  ['submits before the document is stored', 'security', {
    erp: (erp) => ({
      ...erp,
      documents: { ...erp.documents, create: async (document, options) => {
        const { number, lines, totals } = document;
        await erp.workflow.transition({ domain: 'sales', number, action: 'submit', total: totals.net, lines, roles: ['admin'], userName: 'K', version: null, idempotencyKey: randomUUID() }).catch(() => undefined);
        return erp.documents.create(document, options);
      } },
    }),
  }, /order per document/],
];

describe('the simulation notices a program that', () => {
  it.each(variants)('%s', async (_what, api, sabotage, broken) => {
    for (let seed = 1; seed <= patience; seed++) {
      const { violation } = await simulate({ seed, api, sabotage });
      if (violation === null) continue;
      expect(violation).toMatch(broken);
      return;
    }
    throw new Error(`not noticed within ${patience} seeds`);
  }, 120_000);

  it('comes to the same end with the same seed', async () => {
    for (const api of ['security', 'shipped'] as const) {
      const [once, again] = [await simulate({ seed: 77, api, isTraced: true }), await simulate({ seed: 77, api, isTraced: true })];
      expect(again.trace).toEqual(once.trace);
    }
  });
});
