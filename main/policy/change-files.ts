import { z } from 'zod';
import type { Account } from '../../shared/domain/session.ts';
import { formatKey, type NoteKey } from '../../shared/audit/note.ts';
import { fingerprintOf, formatChangeFile, openChangeFile, type ChangeFile } from '../../shared/policy/change-file.ts';
import { staleChanges } from '../../shared/policy/edit.ts';
import type { OpenedChange, RuleChange, RuleRecord } from '../../shared/policy/records.ts';
import type { Rule } from '../../shared/policy/rule.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { DeviceKey } from '../audit/device-key.ts';
import { verifyEd25519 } from '../ed25519.ts';
import type { DataHost } from '../host/client.ts';
import { workFactPrefix } from '../host/facts.ts';
import type { Aged, PolicyService } from './policy.ts';

export type ChangeFilePorts = {
  policy: Pick<PolicyService, 'rules' | 'apply'>;
  facts: Pick<DataHost['facts'], 'get' | 'put'>;
  deviceKey: () => Promise<DeviceKey>;
  account: () => Pick<Account, 'userName' | 'tenantId'>;
  /** Host of the ERP. */
  server: string;
  now: () => number;
};

const keysFact = `${workFactPrefix}policy.changeKeys`;
/** Keys that a person here has compared with their author, by their whole text. */
const keysSchema = z.record(z.string(), z.object({ author: z.string(), at: z.number() }));

/** Four eyes where the server knows no proposals: one person signs a change into a file, another reads and applies it. */
export class PolicyChangeFiles {
  readonly #ports: ChangeFilePorts;

  constructor(ports: ChangeFilePorts) {
    this.#ports = ports;
  }

  /** A change as the text of a file. @param base the rules that it was made on */
  async sign(changes: readonly RuleChange[], reason: string, base: readonly Rule[]): Promise<string> {
    const { account, server, now, deviceKey } = this.#ports;
    const { userName, tenantId } = account();
    const device = await deviceKey();
    return formatChangeFile({ author: userName, at: now(), reason, server, tenant: tenantId, base: fingerprintOf(base), changes: [...changes] }, device.note, device.sign);
  }

  /**
   * What a file says, beside the rules of now.
   * @throws AppFailure input.invalid in words: no such file, damaged, wrongly signed, or for another server
   */
  async open(text: string): Promise<OpenedChange> {
    const { change, key } = this.#read(text);
    const { value: now } = await this.#ports.policy.rules();
    return {
      author: change.author, at: change.at, reason: change.reason, changes: change.changes, key: await this.#trust(key, change.author), isOwn: change.author === this.#ports.account().userName,
      isBaseSame: fingerprintOf(now.map(({ rule }) => rule)) === change.base, stale: staleChanges(change.changes, now),
    };
  }

  /**
   * Makes the change of a file active. It is read anew: nothing that was shown has to be believed.
   * @param isCompared the person compared the key with its author; it is remembered then
   * @param confirmed the verdict that the person has read
   * @throws AppFailure input.invalid as {@link open}, for the author's own file, and for a key that nobody compared
   */
  async apply(text: string, isCompared: boolean, confirmed: string): Promise<Aged<RuleRecord[]>> {
    const { policy, account, facts, now } = this.#ports;
    const { change, key } = this.#read(text);
    if (change.author === account().userName) throw refused('own');
    const { trust } = await this.#trust(key, change.author);
    const isTrusted = trust === 'own' || trust === 'known';
    if (!isTrusted && !isCompared) throw refused('notCompared', { author: change.author });
    const applied = await policy.apply(change.changes, `${change.reason} (${change.author})`, confirmed, 'four');
    if (!isTrusted) await facts.put(keysFact, { ...(await this.#keys()), [formatKey(key)]: { author: change.author, at: now() } }, now());
    return applied;
  }

  #read(text: string): { change: ChangeFile; key: NoteKey } {
    const opened = openChangeFile(text, verifyEd25519);
    if (typeof opened === 'string') throw refused(opened);
    const { server, tenant } = opened.change;
    if (server !== this.#ports.server) throw refused('otherServer', { server });
    if (tenant !== this.#ports.account().tenantId) throw refused('otherTenant');
    return opened;
  }

  async #trust(key: NoteKey, author: string): Promise<OpenedChange['key']> {
    const known = (await this.#keys())[formatKey(key)];
    const isOwn = formatKey((await this.#ports.deviceKey()).note) === formatKey(key);
    return { name: key.name, trust: isOwn ? 'own' : known === undefined ? 'unknown' : known.author === author ? 'known' : 'otherAuthor', comparedWith: known?.author ?? null };
  }

  async #keys(): Promise<z.infer<typeof keysSchema>> {
    const parsed = keysSchema.safeParse((await this.#ports.facts.get(keysFact))?.value);
    return parsed.success ? parsed.data : {};
  }
}

const refused = (why: string, params: Record<string, string> = {}) => failure('input.invalid', { messageKey: `errors.policy.change.${why}`, params });
