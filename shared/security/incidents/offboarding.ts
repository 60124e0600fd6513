import { z } from 'zod';

/** What is done when somebody leaves. The first two of the proven ones are read from the server, the others a person attests. */
export const leaverSteps = ['sessions', 'account', 'secrets', 'roles', 'devices', 'access', 'awareness', 'handover'] as const;
export type LeaverStep = (typeof leaverSteps)[number];

/** Steps that this app proves by what it reads; attesting them is what is left where the server has no such list. */
export const provable: readonly LeaverStep[] = ['sessions', 'secrets'];

const at = z.number().int().min(0).max(8.64e15);
const text = z.string().max(1000);

/** `proven`: read from the server. `attested`: a person vouches for it. */
export const stepStateSchema = z.object({ state: z.enum(['proven', 'attested', 'notApplicable']), at, by: z.string().max(200), note: text, params: z.record(z.string(), z.string().max(500)).default({}) });
export type StepState = z.infer<typeof stepStateSchema>;

/** A secret that the person knew, and whether it was rotated after they left. */
export const knownSecretSchema = z.object({ rotatedAt: at.nullable(), source: z.enum(['proven', 'attested']).nullable(), by: z.string().max(200) });

export const leaverSchema = z.object({
  id: z.uuid(),
  /** The account at the identity provider, as the server's lists name it. */
  account: z.string().min(1).max(200), name: z.string().min(1).max(200),
  /** The end of their work, epoch milliseconds. */
  leavesAt: at,
  createdAt: at, createdBy: z.string().max(200),
  secrets: z.record(z.string().min(1).max(200), knownSecretSchema).default({}),
  steps: z.record(z.enum(leaverSteps), stepStateSchema.nullable()),
  log: z.array(z.object({ at, by: z.string().max(200), key: z.string().max(100), params: z.record(z.string(), z.string().max(500)) })).max(5000).default([]),
  closed: z.object({ at, by: z.string().max(200) }).nullable().default(null),
});
export type Leaver = z.infer<typeof leaverSchema>;

const lastOf = (log: Leaver['log'], keys: readonly string[]): Leaver['log'][number] | undefined => log.findLast(({ key }) => keys.includes(key));
/** Whether the server has ever named a sign-in of this account: an empty list of a mistyped name is just as empty. */
export const hadSessions = ({ log }: Pick<Leaver, 'log'>): boolean => log.some(({ key, params }) => key === 'sessionsLeft' || (key === 'sessionsNone' && Number(params['ended']) > 0));
/** Whether the last look has found neither a sign-in nor anything that this account has done. */
export const isUnseen = ({ log }: Pick<Leaver, 'log'>): boolean => lastOf(log, ['sessionsLeft', 'sessionsNone', 'accountUnseen'])?.key === 'accountUnseen';
/** What a step is worth as evidence: "no sign-in left" only of an account that was there. */
export function isProvenStep(leaver: Leaver, step: LeaverStep): boolean {
  const state = leaver.steps[step];
  return state?.state === 'proven' && (step !== 'sessions' || state.params['seen'] !== undefined || Number(state.params['ended'] ?? 0) > 0);
}

/** Within which everything has to be done after the last day. */
export const offboardingMs = 24 * 3_600_000;

export const newLeaverSchema = z.object({ account: z.string().trim().min(1).max(200), name: z.string().trim().min(1).max(200), leavesAt: at });
export const leaverCommandSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('attest'), step: z.enum(leaverSteps), state: z.enum(['attested', 'notApplicable']), note: text.trim().min(1) }),
  z.object({ do: z.literal('undo'), step: z.enum(leaverSteps) }),
  z.object({ do: z.literal('addSecret'), name: z.string().trim().min(1).max(200) }),
  z.object({ do: z.literal('removeSecret'), name: z.string().max(200) }),
  /** Attested by a person: for what the server does not list. */
  z.object({ do: z.literal('rotated'), name: z.string().max(200), rotatedAt: at }),
  z.object({ do: z.literal('close') }),
]);
export type LeaverCommand = z.infer<typeof leaverCommandSchema>;

export const newLeaver = (given: z.infer<typeof newLeaverSchema>, { by, now, newId }: { by: string; now: number; newId: () => string }): Leaver => ({
  id: newId(), ...given, createdAt: now, createdBy: by, secrets: {}, closed: null, log: [{ at: now, by, key: 'created', params: {} }],
  steps: Object.fromEntries(leaverSteps.map((step) => [step, null])) as Leaver['steps'],
});

/** Secrets that were not rotated since the person left. */
export const openSecrets = ({ secrets, leavesAt }: Leaver): string[] => Object.entries(secrets).filter(([, { rotatedAt }]) => rotatedAt === null || rotatedAt < leavesAt).map(([name]) => name);

export const openSteps = (leaver: Leaver): LeaverStep[] => leaverSteps.filter((step) => leaver.steps[step] === null || leaver.steps[step] === undefined || (step === 'secrets' && leaver.steps[step].state !== 'notApplicable' && openSecrets(leaver).length > 0));

/** Whether somebody is gone for longer than the time allowed and not everything is done. */
export const isLate = (leaver: Leaver, now: number): boolean => leaver.closed === null && now > leaver.leavesAt + offboardingMs;

export type LeaverRefusal = 'leaverOpen' | 'leaverClosed' | 'secretsOpen' | 'rotatedBefore';

/** Does a command. @returns the reason when it cannot be done: `errors.incident.<reason>` */
export function obeyLeaver(leaver: Leaver, command: LeaverCommand, { by, now }: { by: string; now: number }): { leaver: Leaver } | { refused: LeaverRefusal } {
  if (leaver.closed !== null) return { refused: 'leaverClosed' };
  const logged = (changed: Leaver, key: string, params: Record<string, string> = {}): { leaver: Leaver } => ({ leaver: { ...changed, log: [...changed.log, { at: now, by, key, params }] } });
  const withStep = (step: LeaverStep, state: StepState | null): Leaver => ({ ...leaver, steps: { ...leaver.steps, [step]: state } });
  switch (command.do) {
    case 'attest':
      if (command.step === 'secrets' && command.state === 'attested' && openSecrets(leaver).length > 0) return { refused: 'secretsOpen' };
      return logged(withStep(command.step, { state: command.state, at: now, by, note: command.note, params: {} }), command.state, { step: command.step, note: command.note.slice(0, 500) });
    case 'undo': return logged(withStep(command.step, null), 'undone', { step: command.step });
    case 'addSecret': return logged({ ...leaver, secrets: { ...leaver.secrets, [command.name]: { rotatedAt: null, source: null, by } } }, 'secretAdded', { name: command.name });
    case 'removeSecret': {
      const { [command.name]: _gone, ...secrets } = leaver.secrets;
      return logged({ ...leaver, secrets }, 'secretRemoved', { name: command.name });
    }
    case 'rotated':
      if (command.rotatedAt < leaver.leavesAt) return { refused: 'rotatedBefore' };
      return logged({ ...leaver, secrets: { ...leaver.secrets, [command.name]: { rotatedAt: command.rotatedAt, source: 'attested', by } } }, 'rotated', { name: command.name, source: 'attested' });
    case 'close':
      if (openSteps(leaver).length > 0) return { refused: 'leaverOpen' };
      return logged({ ...leaver, closed: { at: now, by } }, 'closed');
  }
}
