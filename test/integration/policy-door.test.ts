import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher, type CoreHandlers } from '../../main/ipc/dispatcher.ts';
import { policyHandlers } from '../../main/ipc/handlers/policy.ts';
import { silentLog } from '../../main/log/log.ts';
import { wholeJournal } from '../../shared/domain/audit.ts';
import { policyCalls } from '../../shared/ipc/calls/policy.ts';
import type { Result } from '../../shared/ipc/errors.ts';
import { fingerprintOf } from '../../shared/policy/change-file.ts';
import { nothingAdded } from '../../shared/policy/compare.ts';
import { aloneAction } from '../../shared/policy/records.ts';
import { ruleSchema } from '../../shared/policy/rule.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

type Name = keyof typeof policyCalls;
const barley = ruleSchema.parse({ id: 'gerste', when: { kpiId: 'stock.barley', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 400 } });
const changes = [{ op: 'upsert', rule: barley, base: null }];
const confirmed = nothingAdded;

/** An input that the contract takes, for each call that names a right. */
const inputs: Partial<Record<Name, unknown>> = {
  'policy.apply': { changes, reason: 'Notfall', confirmed },
  'policy.propose': { changes, reason: 'Ernte', activateAt: null },
  'policy.decide': { id: 'x', verdict: 'approve', confirmed },
  'policy.saveChange': { suggestedName: 'x', changes, reason: 'Ernte', base: [] },
  'policy.applyChange': { text: 'x', isCompared: true, confirmed },
  'policy.createBackup': undefined,
  'policy.restore': { rules: [barley], origin: null, reason: 'Notfall', seen: fingerprintOf([barley]), confirmed },
};
const names = Object.keys(inputs) as Name[];
const acts = names.filter((name) => policyCalls[name].right === 'policy.write');

it('has an input for every call that asks for a right, and every one that changes something asks', () => {
  expect(names.toSorted()).toEqual((Object.keys(policyCalls) as Name[]).filter((name) => policyCalls[name].right !== null).toSorted());
  expect(acts.toSorted()).toEqual(['policy.apply', 'policy.applyChange', 'policy.createBackup', 'policy.decide', 'policy.restore']);
});

describe.each(['security', 'shipped'] as const)('the door of policies before the %s server', (api) => {
  let world: World;
  const people = new Map<string, Pc>();
  beforeAll(async () => {
    world = await startWorld({ documents: 20, api });
    for (const name of ['admin', 'manager', 'sales']) {
      const pc = await world.pc();
      await pc.as(name);
      people.set(name, pc);
    }
  });
  afterAll(() => world.end());

  const pcOf = (who: string): Pc => people.get(who) ?? expect.unreachable();
  /** The door as the window meets it: contract, right, handlers. */
  function ask(who: string, name: Name, input: unknown = inputs[name]): Promise<Result<unknown>> {
    const { workspace } = pcOf(who);
    const files = { saveFile: () => Promise.resolve(null), openFile: () => Promise.resolve(), showInFolder: () => undefined };
    const handlers = policyHandlers({ workspace: () => Promise.resolve(workspace), files });
    return createDispatcher(handlers as unknown as CoreHandlers, { log: silentLog, isUnlocked: () => Promise.resolve(true), account: () => Promise.resolve(workspace.account()) })(name, input);
  }
  const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);
  const written = () => world.backend.control.requests.filter(({ method, path }) => method !== 'GET' && path.includes('/policy/'));

  it.each(acts)('does not let a manager do %s, who may only propose', async (name) => {
    world.backend.control.clearRequests();
    expect(codeOf(await ask('manager', name))).toBe('access.missingScope');
    expect(written()).toEqual([]);
  });

  it.each(names)('does not let a clerk do %s', async (name) => {
    world.backend.control.clearRequests();
    expect(codeOf(await ask('sales', name))).toBe('access.missingScope');
    expect(written()).toEqual([]);
  });

  it('lets nobody make rules active alone without a reason, and names the exception in the journal', async () => {
    expect(codeOf(await ask('admin', 'policy.apply', { changes, reason: '  ', confirmed }))).toBe('input.invalid');
    expect(codeOf(await ask('admin', 'policy.restore', { rules: [barley], origin: null, reason: '', seen: fingerprintOf([barley]), confirmed }))).toBe('input.invalid');
    expect(codeOf(await ask('admin', 'policy.apply'))).toBe('ok');
    const exceptions = async () => (await pcOf('admin').workspace.audit.journal({ ...wholeJournal, text: aloneAction }, 0, 10)).rows.map(({ actor, action, detail }) => ({ actor, action, detail }));
    expect(await exceptions()).toEqual([{ actor: 'admin', action: aloneAction, detail: 'Notfall' }]);
    // What is refused before anything is sent is no exception.
    expect(codeOf(await ask('admin', 'policy.restore'))).toBe('server.preconditionFailed');
    expect(await exceptions()).toHaveLength(1);
    const { policy } = pcOf('admin').workspace;
    const seen = (await policy.saveCopy(async (text) => ({ text: await text() })))?.of;
    expect(codeOf(await ask('admin', 'policy.restore', { rules: [barley], origin: null, reason: 'Notfall', seen, confirmed }))).toBe('ok');
    expect(await exceptions()).toHaveLength(2);
  });
});
