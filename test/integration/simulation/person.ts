import { contentOf } from '../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../shared/domain/draft.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { closedState } from '../../../shared/domain/merge.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import type { CommandEntry } from '../../../main/host/outbox.ts';
import { asNewDraft, conflictOf, resolve, takeTheirs, withdraw } from '../../../main/sync/outbox/decide.ts';
import { orderContent } from '../../fixtures/drafts.ts';
import type { Computer } from './computer.ts';
import { fields, type FieldName, type Watch, type Work } from './invariants.ts';
import type { Server } from './server.ts';
import type { Chance, Time } from './time.ts';

export type PersonOptions = { computer: Computer; watch: Watch; server: Server; time: Time; chance: Chance; trace: (text: string) => void };

const withField = (content: DraftContent, field: string, value: string): DraftContent => ({ ...content, fields: { ...content.fields, [field]: value } });
const valueIn = (content: Pick<DraftContent, 'fields'> | { fields: Record<string, unknown> }, field: string): string => {
  const value: unknown = content.fields[field];
  return typeof value === 'string' ? value : '';
};

/** Somebody at a computer: writes, sends, takes back, decides, and mends what was refused. */
export class Person {
  readonly #options: PersonOptions;
  #works = 0;

  constructor(options: PersonOptions) {
    this.#options = options;
  }

  /** A call of the window: null when it failed, or when the program died before it answered. */
  async #call<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    const { computer, trace } = this.#options;
    const { died } = computer.run;
    const answer = await Promise.race([
      work().catch((error: unknown) => {
        if (!(error instanceof AppFailure)) throw error;
        trace(`${computer.name} ${what}: ${error.error.code}`);
        return null;
      }),
      died.then(() => null),
    ]);
    return answer;
  }

  async act(): Promise<void> {
    const { chance } = this.#options;
    const action = chance.pick(['write', 'write', 'write', 'edit', 'edit', 'edit', 'withdraw', 'discard', 'decide', 'confirm', 'retry', 'mend', 'pull', 'look'] as const);
    switch (action) {
      case 'write': return this.#write();
      case 'edit': return this.#edit();
      case 'withdraw': return this.#withdraw();
      case 'discard': return this.#discard();
      case 'decide': return this.#decide();
      case 'confirm': return this.#confirm();
      case 'retry': return this.#call('retry', () => this.#options.computer.run.offline.outbox.again(null)).then(() => undefined);
      case 'mend': return this.mend();
      case 'pull': return this.#call('pull', () => this.#options.computer.run.pull.pull()).then(() => undefined);
      case 'look': return this.#look();
    }
  }

  #work(draftId: string, isNew: boolean, field: FieldName, seen: string): Work {
    const { computer, watch } = this.#options;
    const token = `${computer.name}${++this.#works}`;
    const work: Work = { token, computer: computer.name, draftId, isNew, field, values: new Set(), seen: new Set([seen]), acked: '', attempted: '', state: 'over', isDecided: false };
    watch.works.push(work);
    return work;
  }

  async #write(): Promise<void> {
    const { computer, chance } = this.#options;
    const draftId = chance.uuid();
    const work = this.#work(draftId, true, 'a', '');
    const value = `${work.token}.0`;
    work.values.add(value);
    const number = chance.is(0.2) ? chance.pick(['SO-P1', 'SO-P2']) : '';
    const content = orderContent(number, { fields: { ref: work.token, a: value, b: '', c: '' } });
    const draft = await this.#call('create', () => computer.run.offline.drafts.create(draftId, content, null));
    if (draft === null) return;
    Object.assign(work, { state: 'writing', acked: value, attempted: value });
    await this.#type(work);
    if (chance.is(0.8)) await this.#send(work);
  }

  async #edit(): Promise<void> {
    const { computer, chance, server } = this.#options;
    const numbers = [...server.documents.values()].map(({ body }) => body.number);
    // Mostly what can be changed; now and then what only looks so here, because it was submitted meanwhile.
    const number = chance.pick(chance.is(0.8) ? numbers.filter((one) => server.flow(one).state === 'draft') : numbers);
    if (number === undefined) return;
    const key: DocumentKey = { type: 'sales_order', number };
    const record = (await this.#call('read', () => (chance.is(0.5) ? computer.run.documents.refresh(key) : computer.run.host.documents.get(key)))) ?? null;
    // Submitted as far as this computer knows: then nobody can begin a change.
    if (record === null || closedState(record) !== null) return;
    const field = chance.pick(fields);
    const draftId = chance.uuid();
    const draft = await this.#call('create', () => computer.run.offline.drafts.create(draftId, contentOf(record.document), record));
    // Somebody here is changing it already.
    if (draft === null || draft.id !== draftId || draft.base === null) return;
    const work = this.#work(draftId, false, field, valueIn(draft.base.document, field));
    work.acked = work.attempted = valueIn(draft.content, field);
    work.state = 'writing';
    work.values.add(`${work.token}.0`);
    await this.#save(work, `${work.token}.0`);
    await this.#type(work);
    if (work.acked === `${work.token}.0` || work.values.has(work.acked)) await this.#send(work);
  }

  async #type(work: Work): Promise<void> {
    const { chance, time } = this.#options;
    for (let more = chance.below(3); more > 0; more--) {
      await time.sleep(300);
      const value = `${work.token}.${work.values.size}`;
      await this.#save(work, value);
    }
  }

  /** One autosave. */
  async #save(work: Work, value: string): Promise<void> {
    const { computer } = this.#options;
    const draft = await this.#call('open', () => computer.run.host.drafts.get(work.draftId));
    if (draft === null || draft.state !== 'open') return;
    work.values.add(value);
    work.attempted = value;
    const saved = await this.#call('save', () => computer.run.offline.drafts.save(work.draftId, draft.version, withField(draft.content, work.field, value)));
    if (saved !== null) work.acked = value;
  }

  async #send(work: Work): Promise<void> {
    const { computer, chance } = this.#options;
    if (work.state !== 'writing') return;
    work.state = 'sent';
    // Whether or not the answer comes: it may be in the outbox from here on.
    const sending = this.#call('send', () => computer.run.offline.drafts.send(work.draftId, chance.is(0.25)));
    if (chance.is(0.5)) await sending;
  }

  async #withdraw(): Promise<void> {
    const { computer, chance } = this.#options;
    const entry = chance.pick(computer.run.offline.outbox.entries().filter(({ draftId, state }) => draftId !== null && state !== 'conflict'));
    if (entry !== undefined) await this.#takeBack(entry, chance.is(0.5));
  }

  async #takeBack(entry: CommandEntry, changes: boolean): Promise<Work | null> {
    const { computer, watch } = this.#options;
    if ((await this.#call('withdraw', () => withdraw(computer.run.offline.deciding, entry.id).then(() => true))) !== true) return null;
    const work = watch.works.find(({ draftId }) => draftId === entry.draftId);
    const draft = entry.draftId === null ? null : await this.#call('open', () => computer.run.host.drafts.get(entry.draftId ?? ''));
    if (work === undefined || draft === null || draft.state !== 'open') return null;
    Object.assign(work, { state: 'writing', acked: valueIn(draft.content, work.field), attempted: valueIn(draft.content, work.field) });
    if (changes) await this.#save(work, `${work.token}.${work.values.size}`);
    await this.#send(work);
    return work;
  }

  async #discard(): Promise<void> {
    const { computer, watch, chance } = this.#options;
    const work = chance.pick(watch.works.filter((one) => one.computer === computer.name && one.state === 'writing'));
    if (work === undefined || chance.is(0.5)) return;
    work.state = 'over';
    await this.#call('discard', () => computer.run.offline.drafts.discard(work.draftId));
  }

  async #decide(): Promise<void> {
    const { computer, chance, server } = this.#options;
    const number = chance.pick([...server.documents.values()].map(({ body }) => body.number).filter((one) => server.flow(one).state === 'pending'));
    if (number === undefined) return;
    await this.#call('read', () => computer.run.documents.refresh({ type: 'sales_order', number }));
    await this.#call('decide', () => computer.run.offline.decisions.add({ type: 'sales_order', number }, 'approve', null));
  }

  async #confirm(): Promise<void> {
    const { computer, chance, watch } = this.#options;
    const decisions = (await this.#call('decisions', () => computer.run.offline.decisions.list())) ?? [];
    const decision = chance.pick(decisions);
    if (decision === undefined) return;
    const name = `${computer.name}/${decision.key.number}`;
    // Approved already and gone: a person who looks does not press again.
    const current = await this.#call('read', () => computer.run.documents.reread(decision.key));
    if (current?.workflow?.state !== 'pending') return;
    watch.confirms.set(name, (watch.confirms.get(name) ?? 0) + 1);
    await this.#call('confirm', () => computer.run.offline.decisions.confirm(decision.id));
  }

  async #look(): Promise<void> {
    const { computer, chance, server } = this.#options;
    const number = chance.pick([...server.documents.values()].map(({ body }) => body.number));
    if (number !== undefined) await this.#call('read', () => computer.run.documents.refresh({ type: 'sales_order', number }));
  }

  /** Looks through the outbox and mends what needs a person. */
  async mend(): Promise<void> {
    const { computer } = this.#options;
    for (const entry of computer.run.offline.outbox.entries()) {
      if (entry.state === 'rejected') await this.#mendRejected(entry);
      else if (entry.state === 'conflict') await this.#mendConflict(entry);
    }
  }

  async #mendRejected(entry: CommandEntry): Promise<void> {
    const { computer, watch } = this.#options;
    // Nobody deletes anything in this world.
    if (entry.error?.code === 'server.notFound') watch.fail(`no word of a gateway believed: the ${entry.kind} of ${entry.key.number} was refused as if it were deleted`);
    if (entry.error?.messageKey !== 'errors.document.numberTaken') {
      await this.#call('again', () => computer.run.offline.outbox.again(entry.id));
      return;
    }
    if ((await this.#call('withdraw', () => withdraw(computer.run.offline.deciding, entry.id).then(() => true))) !== true) return;
    const draft = await this.#call('open', () => computer.run.host.drafts.get(entry.draftId ?? ''));
    const work = watch.works.find(({ draftId }) => draftId === entry.draftId);
    if (draft === null || work === undefined) return;
    Object.assign(work, { state: 'writing', acked: valueIn(draft.content, work.field), attempted: valueIn(draft.content, work.field) });
    const saved = await this.#call('renumber', () => computer.run.offline.drafts.save(draft.id, draft.version, { ...draft.content, number: '', numberProvisional: true }));
    if (saved !== null) await this.#send(work);
  }

  async #mendConflict(entry: CommandEntry): Promise<void> {
    const { computer, chance, watch } = this.#options;
    const { deciding } = computer.run.offline;
    const conflict = await this.#call('conflict', () => conflictOf(deciding, entry.id));
    const work = watch.works.find(({ draftId }) => draftId === entry.draftId);
    if (conflict === null || work === undefined) return;
    const { theirs, mine, base } = conflict;
    const isClosed = closedState(theirs) !== null;
    const isOurs = work.isNew && valueIn(theirs.document, 'ref') === work.token;
    if (isOurs || (!work.isNew && (isClosed || chance.is(0.4)))) {
      const former = work.state;
      work.state = 'over';
      if ((await this.#call('takeTheirs', () => takeTheirs(deciding, entry.id).then(() => true))) === null) work.state = computer.run.offline.outbox.entry(entry.id) === null ? 'over' : former;
      return;
    }
    if (work.isNew && base === null) {
      const draft = await this.#call('asNewDraft', () => asNewDraft(deciding, entry.id));
      if (draft === null) {
        // It may have been made without an answer: then its new draft is found by what it says.
        const found = (await this.#call('drafts', () => computer.run.host.drafts.list()))?.find(({ id }) => !watch.works.some(({ draftId }) => draftId === id));
        if (found !== undefined) Object.assign(work, { draftId: found.id, state: 'writing' });
        return;
      }
      Object.assign(work, { draftId: draft.id, state: 'writing', acked: valueIn(draft.content, work.field), attempted: valueIn(draft.content, work.field) });
      await this.#send(work);
      return;
    }
    work.isDecided = true;
    work.seen.add(valueIn(theirs.document, work.field));
    const document = { ...theirs.document, fields: { ...theirs.document.fields, [work.field]: valueIn(mine, work.field) } };
    await this.#call('resolve', () => computer.run.offline.drafts.follow(entry.id, () => resolve(deciding, entry.id, document)));
  }
}
