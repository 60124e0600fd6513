import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from './erp-client.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let clerk: Pc;

beforeAll(async () => {
  world = await startWorld({ documents: 5 });
  clerk = await world.pc();
  await clerk.as('manager');
});
afterAll(() => world.end());

/** Whatever changes what the score says, without a server that would refuse it. */
const acts: Readonly<Record<string, (pc: Pc) => unknown>> = {
  'score.attest': ({ workspace: { security } }) => security.score.attest({ point: 'humanLayer.awareness', outcome: 'met', owner: 'x', expiresOn: new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10), note: 'x' }),
  'score.withdraw': ({ workspace: { security } }) => security.score.withdraw('humanLayer.awareness'),
  'score.saveSettings': ({ workspace: { security } }) => security.score.saveSettings({ usesModels: true }),
  'findings.import': ({ workspace: { security } }) => security.findings.import([], ''),
  'findings.accept': ({ workspace: { security } }) => security.findings.accept([1], 'x', Date.now() + 86_400_000),
  'findings.unaccept': ({ workspace: { security } }) => security.findings.unaccept([1]),
  'review.start': ({ workspace: { security } }) => security.review.start({ from: 1, to: 2 }),
  'gdpr.attestDpia': ({ workspace: { security } }) => security.gdpr.attestDpia('x'),
  'backups.importProof': ({ workspace: { security } }) => security.backups.importProof('x', 'x'),
  'checklists.saveCampaign': ({ workspace: { security } }) => security.checklists.saveCampaign({ id: '0f8fad5b-d9cb-469f-a165-70867728950e', kind: 'training', title: 'x', heldOn: '2026-01-01', invited: 1, counted: 1, reported: 0, note: '' }),
};

describe('acting in the security centre', () => {
  it.each(Object.keys(acts))('%s is for administrators, in the main process too', async (name) => {
    expect(await codeOf(Promise.resolve().then(() => acts[name]?.(clerk)))).toBe('access.missingScope');
    expect((await clerk.workspace.security.evidence.list()).filter(({ source }) => source !== 'measured' && source !== 'claimed')).toEqual([]);
  });
});
