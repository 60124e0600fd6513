import { randomUUID } from 'node:crypto';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import { campaignSchema, evidenceOfCampaigns, evidenceOfList, lackOfAnswer, resultId, resultSchema, standingsOf, type Answer, type Campaign, type Checklist, type Result } from '../../../shared/security/checklists/list.ts';
import { localDay } from '../../../shared/security/gdpr/deadline.ts';
import { journaled } from '../../audit/journal.ts';
import type { ChecklistAnswer } from '../../erp/types.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { canAct, mustAct } from '../rights.ts';
import type { SecurityScore } from '../score/index.ts';
import { checklistCsv } from './csv.ts';
import { checklists } from './lists.ts';

const isNetwork = (error: unknown): boolean => error instanceof AppFailure && /^(network|tls)\./.test(error.error.code);
const isStale = (error: unknown): boolean => error instanceof AppFailure && error.error.code === 'server.preconditionFailed';
const answerOf = ({ state, owner, due, evidence, note }: Answer): Answer => ({ state, owner, due, evidence, note });

/** Checklists: answered here, kept on the server where it has a place for them, and told to the score. */
export class Checklists {
  readonly #ports: SecurityPorts;
  readonly #score: Pick<SecurityScore, 'compute'>;
  readonly #results: Records<Result>;
  readonly #campaigns: Records<Campaign>;
  #place: 'server' | 'here' | 'unknown' = 'unknown';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: SecurityPorts, score: Pick<SecurityScore, 'compute'>) {
    this.#ports = ports;
    this.#score = score;
    const common = { host: ports.host, now: ports.clock.now };
    this.#results = new Records({ ...common, kind: 'checklist.result', schema: resultSchema, idOf: resultId });
    this.#campaigns = new Records({ ...common, kind: 'checklist.campaign', schema: campaignSchema, idOf: ({ id }) => id });
  }

  async read(): Promise<{ lists: Checklist[]; results: Result[]; campaigns: Campaign[]; proven: string[]; place: 'server' | 'here' | 'unknown' }> {
    const [results, campaigns, proven] = await Promise.all([this.#results.list(), this.#campaigns.list(), this.#proven()]);
    return { lists: [...checklists], results, campaigns: campaigns.toSorted((a, b) => b.heldOn.localeCompare(a.heldOn)), proven, place: this.#place };
  }

  /** Stores an answer and sends it; without the server it is kept and sent later. @throws AppFailure input.invalid for one that lacks its word; when the server refuses it */
  answer(list: string, item: string, answer: Answer): Promise<Result> {
    const lack = lackOfAnswer(answer);
    if (lack !== null) return Promise.reject(failure('input.invalid', { messageKey: `errors.checklist.lacks.${lack}`, fieldErrors: [{ path: lack, messageKey: 'errors.field.required', params: {} }] }));
    return this.#inTurn(async () => {
      const before = await this.#known(list, item);
      const { clock, account } = this.#ports;
      const result: Result = { ...answerOf(answer), list, item, updatedAt: clock.now(), updatedBy: account().userName.slice(0, 200), version: before?.version ?? null, isPending: true, mine: null };
      await this.#results.put(result);
      try {
        const sent = await this.#send(result);
        if (sent.version === null) this.#ports.audit.notes.note({ action: 'checklist.answer', resource: `checklist/${list}/${item}`, outcome: 'local', correlationId: null, detail: answer.state });
        return sent;
      } catch (error) {
        // Refused for good: what the server has stands, not what it would not take.
        if (before === null) await this.#results.remove(resultId(result));
        else await this.#results.put(before);
        throw error;
      } finally {
        await this.#tell(list);
      }
    });
  }

  /** Decides between what was entered here and what somebody else has stored meanwhile. @throws AppFailure input.invalid when nothing is to be decided */
  async resolve(list: string, item: string, keep: 'mine' | 'theirs'): Promise<Result> {
    const conflict = async (): Promise<Result & { mine: Answer }> => {
      const known = await this.#known(list, item);
      if (known === null || known.mine === null) throw failure('input.invalid', { messageKey: 'errors.checklist.noConflict' });
      return { ...known, mine: known.mine };
    };
    if (keep === 'mine') return this.answer(list, item, (await conflict()).mine);
    return this.#inTurn(async () => {
      const settled = await this.#put({ ...await conflict(), mine: null });
      this.#ports.changed('checklists');
      return settled;
    });
  }

  /** Sends what waits and reads what others have answered. @returns whether the server could be asked */
  sync(): Promise<boolean> {
    return this.#inTurn(async () => {
      const { erp, isOnline, account } = this.#ports;
      if (!isOnline()) return false;
      // Whoever may only read now has nothing sent that they answered while they might; it stays, and says that it waits.
      const waiting = canAct(account()) ? (await this.#results.list()).filter(({ isPending }) => isPending) : [];
      try {
        let refusal: unknown = null;
        for (const result of waiting) {
          // One that the server will not take must not keep the others from it; it waits, and is told of.
          await this.#send(result).catch((error: unknown) => { refusal ??= error; });
        }
        if (!(await this.#hasPlace())) return true;
        const [theirs, ours] = [await erp.checklists.list({ priority: 'background' }), await this.#byId()];
        const known = new Set(checklists.flatMap(({ id, items }) => items.map((item) => resultId({ list: id, item: item.id }))));
        const news = theirs.filter((one) => { const own = ours.get(resultId(one)); return known.has(resultId(one)) && own?.isPending !== true && own?.version !== one.version; }).map((one) => this.#fromServer(one, ours.get(resultId(one))?.mine ?? null));
        if (news.length > 0) {
          await this.#results.put(...news);
          for (const list of new Set(news.map((one) => one.list))) await this.#tell(list);
        }
        if (refusal !== null) throw refusal;
        return true;
      } catch (error) {
        if (isNetwork(error)) return false;
        throw error;
      }
    });
  }

  async saveCampaign(campaign: Campaign): Promise<void> {
    mustAct(this.#ports.account());
    if (campaign.counted > campaign.invited || campaign.reported > campaign.invited) throw failure('input.invalid', { messageKey: 'errors.checklist.tooMany' });
    await this.#campaigns.put(campaign);
    await this.#tellCampaigns(`checklist.campaign ${campaign.kind}`);
  }

  async removeCampaign(id: string): Promise<void> {
    mustAct(this.#ports.account());
    await this.#campaigns.remove(id);
    await this.#tellCampaigns('checklist.campaignRemoved');
  }

  /** @throws AppFailure input.invalid for an unknown list */
  async csv(id: string, language: 'de' | 'en'): Promise<string> {
    const list = this.#list(id);
    const today = localDay(this.#ports.clock.now());
    return checklistCsv(list, standingsOf(list, await this.#byId(), new Set(await this.#proven()), today), language);
  }

  /** Sends one answer if the server has a place for it. Stays pending without a network. */
  async #send(result: Result): Promise<Result> {
    const { erp, audit, isOnline, account } = this.#ports;
    const { list, item, version } = result;
    try {
      if (!isOnline()) return result;
      if (!(await this.#hasPlace())) {
        // Where the server decides nothing, this client has to.
        mustAct(account());
        return await this.#put({ ...result, isPending: false });
      }
      const stored = await journaled(audit.notes, { action: 'checklist.answer', resource: `checklist/${list}/${item}` }, () => erp.checklists.answer(list, item, answerOf(result), { version, idempotencyKey: randomUUID() }));
      return await this.#put(this.#fromServer(stored, null));
    } catch (error) {
      if (isNetwork(error)) return result;
      if (!isStale(error)) throw error;
      const theirs = (await erp.checklists.list()).find((one) => resultId(one) === resultId(result));
      if (theirs === undefined) throw error;
      return this.#put(this.#fromServer(theirs, answerOf(result)));
    }
  }

  async #hasPlace(): Promise<boolean> {
    const has = (await this.#ports.erp.capabilities()).has('checklists');
    const place = has ? 'server' : 'here';
    if (place !== this.#place) {
      this.#place = place;
      this.#ports.changed('checklists');
    }
    return has;
  }

  #fromServer(answer: ChecklistAnswer, mine: Answer | null): Result {
    // The same was entered here and there: nothing to decide.
    const isSame = mine !== null && JSON.stringify(mine) === JSON.stringify(answerOf(answer));
    return { ...answerOf(answer), list: answer.list, item: answer.item, updatedAt: answer.updatedAt, updatedBy: answer.updatedBy, version: answer.version, isPending: false, mine: isSame ? null : mine };
  }

  async #put(result: Result): Promise<Result> {
    await this.#results.put(result);
    return result;
  }

  async #byId(): Promise<Map<string, Result>> {
    return new Map((await this.#results.list()).map((one) => [resultId(one), one]));
  }

  #known(list: string, item: string): Promise<Result | null> {
    if (!this.#list(list).items.some(({ id }) => id === item)) throw failure('input.invalid', { messageKey: 'errors.checklist.unknown' });
    return this.#results.get(resultId({ list, item }));
  }

  #list(id: string): Checklist {
    const list = checklists.find((one) => one.id === id);
    if (list === undefined) throw failure('input.invalid', { messageKey: 'errors.checklist.unknown' });
    return list;
  }

  /** Points that are met, and single pieces of evidence that say so, by something better than the server's word. */
  async #proven(): Promise<string[]> {
    return (await this.#score.compute()).points.flatMap(({ point, state, counted, evidence }) => {
      const good = evidence.filter(({ isStale: isOld, outcome, source }) => !isOld && outcome === 'met' && source !== 'claimed').map(({ origin }) => origin);
      return state === 'met' && counted !== null && good.includes(counted) ? [point, ...good] : good;
    });
  }

  async #tell(id: string): Promise<void> {
    const { evidence: book, changed } = this.#ports;
    const list = this.#list(id);
    const { evidence, silent } = evidenceOfList(list, await this.#byId());
    await book.settle(evidence, silent.map((point) => ({ point, origin: `checklist.${id}` })));
    changed('checklists');
  }

  async #tellCampaigns(action: string): Promise<void> {
    const { evidence: book, changed, clock, account, audit } = this.#ports;
    const { evidence, silent } = evidenceOfCampaigns(await this.#campaigns.list(), clock.now(), account().userName.slice(0, 200));
    await book.settle(evidence, silent.map((point) => ({ point, origin: 'checklist.campaigns' })));
    audit.notes.note({ action, resource: 'checklist/awareness', outcome: 'local', correlationId: null });
    changed('checklists');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

export const createChecklists = (ports: SecurityPorts, score: Pick<SecurityScore, 'compute'>): Checklists => new Checklists(ports, score);
