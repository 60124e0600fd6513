import { expect, it } from 'vitest';
import type { DraftSummary } from '../../../shared/domain/draft.ts';
import type { OutboxCommand } from '../../../shared/domain/outbox.ts';
import { lossesOf } from './losses.ts';

const draft = (id: string, number: string): DraftSummary => ({ id, number, state: 'open', type: 'sales_order', numberProvisional: false, isNew: true, partnerName: 'Hof', lineCount: 1, gross: '1' as DraftSummary['gross'], createdAt: 1, savedAt: 1 });

it('counts a draft that waits to be sent once', () => {
  const command = { id: 'c', key: { type: 'sales_order', number: 'SO-1' }, draftId: 'a', partnerName: 'Hof' } as OutboxCommand;
  expect(lossesOf([draft('a', 'SO-1'), draft('b', '')], [command])).toEqual({ drafts: [{ id: 'b', number: '', partner: 'Hof' }], commands: [{ id: 'c', number: 'SO-1', partner: 'Hof' }] });
  expect(lossesOf([], [])).toEqual({ drafts: [], commands: [] });
});
