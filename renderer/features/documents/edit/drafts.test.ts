import { beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/ipc/errors.ts';
import { documentSchema, type DocumentRecord } from '../../../../shared/domain/document.ts';
import type { SessionState } from '../../../../shared/domain/session.ts';
import { useSession } from '../../../state/session.ts';
import { editDraft, newDraft } from './draft.ts';
import { draftName, newDraftName, openNewTypes, useDrafts, type Entry } from './drafts.ts';

const record = (notes: string | null, etag = '"1"'): DocumentRecord => ({
  document: documentSchema.parse({
    type: 'sales_offer', number: 'ANG-1', date: '2026-11-22', partnerId: 'K-1', partnerName: null, status: 'ENTWURF',
    lines: [{ article: 'A-1', qty: '1', price: '5', vatRate: '7', cost: null }, { article: 'A-2', qty: '1', price: '5', vatRate: '7', cost: null }], totals: { net: '10', tax: '0.7', gross: '10.7' }, fields: { notes },
  }),
  workflow: null, etag, changedAt: null, fetchedAt: 1,
});
const name = draftName({ type: 'sales_offer', number: 'ANG-1' });
const store = (): ReturnType<typeof useDrafts.getState> => useDrafts.getState();
const entry = (): Entry => store().entries[name] ?? expect.fail('no draft');
const signedIn = (id: string): SessionState => ({
  status: 'signedIn', persistence: { kind: 'keychain' }, confirmedAt: null, needsSignIn: false,
  account: { id, subject: id, userName: id, displayName: id, email: null, tenantId: null, roles: [], scopes: [], scopeSource: 'token' },
});

describe('drafts of the window', () => {
  beforeEach(() => {
    store().clear();
    store().open(name, editDraft(record(null)));
  });

  it('are opened once: opening again does not lose what was typed', () => {
    store().change(name, { type: 'setField', name: 'notes', value: 'meins' });
    store().open(name, editDraft(record(null)));
    expect(entry().draft.fields['notes']).toBe('meins');
  });

  it('survive a failed save with everything typed, and show what the server said where it said it', () => {
    store().change(name, { type: 'setField', name: 'notes', value: 'meins' });
    const error = appError('server.invalid', { fieldErrors: [{ path: 'notes', messageKey: 'errors.x', params: {} }, { path: 'lines.1.qty', messageKey: 'errors.x', params: {} }] });
    store().failed(name, error, entry().draft);
    expect(entry()).toMatchObject({ error, draft: { fields: { notes: 'meins' } } });
    expect(entry().fromServer.map((one) => one.path)).toEqual(['fields.notes', 'lines.1.qty']);
    store().change(name, { type: 'setField', name: 'notes', value: 'anders' });
    expect(entry().fromServer.map((one) => one.path)).toEqual(['lines.1.qty']);
    store().change(name, { type: 'deleteLine', line: 1 });
    expect(entry().fromServer).toEqual([]);
  });

  it('bring a deleted line back, until something else was done', () => {
    store().change(name, { type: 'deleteLine', line: 0 });
    expect(entry().removed).toMatchObject({ index: 0, line: { article: 'A-1' } });
    store().change(name, { type: 'visit', path: 'date' });
    expect(entry().removed).not.toBeNull();
    store().change(name, { type: 'setField', name: 'notes', value: 'x' });
    expect(entry().removed).toBeNull();
  });

  it('keep what was discarded for one undo, but not what was never changed', () => {
    store().discard(name);
    expect(store().discarded).toBeNull();
    store().open(name, editDraft(record(null)));
    store().change(name, { type: 'setField', name: 'notes', value: 'meins' });
    store().discard(name);
    expect(store().entries[name]).toBeUndefined();
    expect(store().restore()).toBe(name);
    expect(entry().draft.fields['notes']).toBe('meins');
    expect(store().restore()).toBeNull();
  });

  it('go on top of what somebody else saved', () => {
    store().change(name, { type: 'setDate', value: '2026-12-01' });
    store().failed(name, appError('server.preconditionFailed'), entry().draft);
    store().rebase(name, record('ihres', '"2"'));
    expect(entry()).toMatchObject({ error: null, rebased: { taken: ['fields.notes'], both: [] }, draft: { etag: '"2"', date: '2026-12-01', fields: { notes: 'ihres' } } });
  });

  it('are one a new type', () => {
    store().open(newDraftName('sales_order'), newDraft('sales_order', '2026-11-22'));
    expect(openNewTypes(store().entries)).toEqual(['sales_order']);
  });

  it('are nobody else’s: gone with the account, kept through a renewed session', () => {
    useSession.setState({ state: signedIn('anna') });
    expect(store().entries[name]).toBeDefined();
    useSession.setState({ state: signedIn('anna') });
    expect(store().entries[name]).toBeDefined();
    useSession.setState({ state: { status: 'signingIn', since: 1, persistence: { kind: 'keychain' } } });
    useSession.setState({ state: signedIn('anna') });
    expect(store().entries[name]).toBeDefined();
    useSession.setState({ state: { status: 'signingIn', since: 1, persistence: { kind: 'keychain' } } });
    useSession.setState({ state: signedIn('bernd') });
    expect(store().entries).toEqual({});
    store().open(name, editDraft(record(null)));
    useSession.setState({ state: { status: 'signedOut', persistence: { kind: 'keychain' } } });
    expect(store().entries).toEqual({});
  });
});
