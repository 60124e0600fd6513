import { z } from 'zod';
import type { Evidence, Outcome } from '../evidence.ts';
import { pointIds, type PointId } from '../points.ts';

const words = z.object({ de: z.string().min(1), en: z.string().min(1) });
/** Ids are letters, digits and a few signs; they never change once a list has shipped. */
export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9.()-]{0,60}$/);

const itemSchema = z.object({
  id: idSchema,
  /** Number in the standard, where there is one; empty otherwise. */
  ref: z.string().max(40),
  level: z.number().int().min(1).max(3).optional(),
  text: words,
  /** Points that say just what the item says: it is proven when the score has all of these met by something better than a claim. */
  points: z.array(z.enum(pointIds)).optional(),
  /** The same by single pieces of evidence, where a point says more or less than the item: their origins, for example `posture.nosniff`. */
  origins: z.array(z.string().max(200)).optional(),
  /** Points that speak for the item and do not settle it: they say less, or something else. */
  hints: z.array(z.enum(pointIds)).optional(),
});

/** A list of resources/security/checklists. */
export const checklistSchema = z.object({
  id: idSchema, kind: z.enum(['standard', 'deployment', 'campaigns']), version: z.number().int(), title: words, scope: words,
  /** Points that the answers to these items are evidence for. */
  feeds: z.array(z.object({ point: z.enum(pointIds), items: z.array(idSchema).min(1), expiresDays: z.number().int().positive() })).optional(),
  items: z.array(itemSchema).min(1),
});
export type Checklist = z.infer<typeof checklistSchema>;

export const itemStates = ['open', 'done', 'partly', 'notApplicable'] as const;
/** What a person says about an item. */
export const answerSchema = z.object({
  state: z.enum(itemStates), owner: z.string().trim().max(200), due: z.iso.date().nullable(),
  /** Where the evidence lies: a report, an address, a place. */
  evidence: z.string().trim().max(500), note: z.string().trim().max(2000),
});
export type Answer = z.infer<typeof answerSchema>;
export const noAnswer: Answer = { state: 'open', owner: '', due: null, evidence: '', note: '' };

export const resultSchema = answerSchema.extend({
  list: idSchema, item: idSchema, updatedAt: z.number(), updatedBy: z.string(),
  /** The server's version; null while it is only here. */
  version: z.string().nullable(),
  /** Not on the server yet, though the server has a place for it. */
  isPending: z.boolean(),
  /** What was entered here while somebody else changed the item on the server; the rest is the server's then. */
  mine: answerSchema.nullable(),
});
export type Result = z.infer<typeof resultSchema>;
export const resultId = ({ list, item }: { list: string; item: string }): string => `${list} ${item}`;

export const campaignSchema = z.object({
  id: z.uuid(), kind: z.enum(['training', 'phishing']), title: z.string().trim().min(1).max(200), heldOn: z.iso.date(),
  invited: z.number().int().min(1).max(1_000_000),
  /** Training: took part. Phishing: clicked. */
  counted: z.number().int().min(0).max(1_000_000),
  /** Phishing: told somebody. */
  reported: z.number().int().min(0).max(1_000_000), note: z.string().trim().max(500),
});
export type Campaign = z.infer<typeof campaignSchema>;

/**
 * What an answer lacks to be somebody's word: who is responsible and by what it can be seen, or why the item does not apply.
 * Servers that keep answers may have older ones without.
 */
export function lackOfAnswer({ state, owner, evidence, note }: Pick<Answer, 'state' | 'owner' | 'evidence' | 'note'>): 'owner' | 'evidence' | 'note' | null {
  if (state === 'notApplicable') return note.trim() === '' ? 'note' : null;
  if (state !== 'done' && state !== 'partly') return null;
  return owner.trim() === '' ? 'owner' : evidence.trim() === '' ? 'evidence' : null;
}

/** An item with its answer, and whether the score proves it without one. */
export type ItemStanding = { item: Checklist['items'][number]; result: Result | null; isProven: boolean; isOverdue: boolean; isSettled: boolean };

/** @param today `YYYY-MM-DD`; an item is overdue from the day after its due day on. @param proven points, and origins of evidence, that are met by something better than a claim */
export function standingsOf(list: Checklist, results: ReadonlyMap<string, Result>, proven: ReadonlySet<string>, today: string): ItemStanding[] {
  return list.items.map((item) => {
    const result = results.get(resultId({ list: list.id, item: item.id })) ?? null;
    const wanted = [...item.points ?? [], ...item.origins ?? []];
    const isProven = wanted.length > 0 && wanted.every((one) => proven.has(one));
    const state = result?.state ?? 'open';
    const isSettled = state === 'done' || state === 'notApplicable' || (state === 'open' && isProven);
    const due = result?.due ?? null;
    return { item, result, isProven, isSettled, isOverdue: !isSettled && due !== null && due < today };
  });
}

export type Progress = { settled: number; of: number; overdue: number };
export const progressOf = (standings: readonly ItemStanding[]): Progress => ({ settled: standings.filter(({ isSettled }) => isSettled).length, of: standings.length, overdue: standings.filter(({ isOverdue }) => isOverdue).length });

const day = 86_400_000;

/**
 * What the answers to a list say about points of the score. A point nobody has answered anything about is left out; what is
 * still open counts as not met.
 */
export function evidenceOfList(list: Checklist, results: ReadonlyMap<string, Result>): { evidence: Evidence[]; silent: PointId[] } {
  const evidence: Evidence[] = [];
  const silent: PointId[] = [];
  for (const { point, items, expiresDays } of list.feeds ?? []) {
    const answers = items.map((item) => results.get(resultId({ list: list.id, item })));
    const given = answers.filter((one) => one !== undefined && one.state !== 'open');
    if (given.length === 0) { silent.push(point); continue; }
    // Without a name or anything to be seen, "done" is half a word, and "not applicable" takes nothing out of the score.
    const states = answers.map((one) => (one === undefined ? 'open' : lackOfAnswer(one) === null ? one.state : one.state === 'notApplicable' ? 'open' : 'partly')).filter((state) => state !== 'notApplicable');
    const done = states.filter((state) => state === 'done').length;
    const outcome: Outcome = states.length === 0 ? 'notApplicable' : done === states.length ? 'met' : done > 0 || states.includes('partly') ? 'partly' : 'unmet';
    // The oldest answer decides how long it counts: the others are worth nothing without it.
    const times = given.map((one) => one?.updatedAt ?? 0);
    const newest = answers.reduce<Result | undefined>((best, one) => (one !== undefined && (best === undefined || one.updatedAt > best.updatedAt) ? one : best), undefined);
    evidence.push({
      point, origin: `checklist.${list.id}`, outcome, source: 'attested', at: Math.max(...times), expiresAt: Math.min(...times) + expiresDays * day, messageKey: 'security-checklists.evidence.list',
      params: { done: String(done), of: String(states.length), title: list.title.de, titleEn: list.title.en }, by: newest?.updatedBy ?? null, link: `/security/checklists/${list.id}`,
    });
  }
  return { evidence, silent };
}

/** Share of those who took part or clicked, 0 to 1. */
export const rateOf = ({ counted, invited }: Pick<Campaign, 'counted' | 'invited'>): number => counted / invited;
const outcomeOf = ({ kind, ...campaign }: Campaign): Outcome => {
  const rate = rateOf(campaign);
  if (kind === 'training') return rate >= 0.9 ? 'met' : rate >= 0.5 ? 'partly' : 'unmet';
  return rate <= 0.1 ? 'met' : rate <= 0.25 ? 'partly' : 'unmet';
};

/** The newest training and the newest phishing campaign as evidence; a campaign that is yet to come says nothing. */
export function evidenceOfCampaigns(campaigns: readonly Campaign[], now: number, by: string): { evidence: Evidence[]; silent: PointId[] } {
  const found = (['training', 'phishing'] as const).map((kind) => {
    const point = kind === 'training' ? 'humanLayer.awareness' as const : 'humanLayer.phishing' as const;
    const held = campaigns.filter((one) => one.kind === kind && Date.parse(one.heldOn) <= now).toSorted((a, b) => b.heldOn.localeCompare(a.heldOn));
    return { point, kind, newest: held[0] };
  });
  return {
    silent: found.filter(({ newest }) => newest === undefined).map(({ point }) => point),
    evidence: found.flatMap(({ point, kind, newest }): Evidence[] => (newest === undefined ? [] : [{
      point, origin: 'checklist.campaigns', outcome: outcomeOf(newest), source: 'attested', at: Date.parse(newest.heldOn), expiresAt: Date.parse(newest.heldOn) + (kind === 'training' ? 365 : 180) * day,
      messageKey: `security-checklists.evidence.${kind}`, params: { title: newest.title, counted: String(newest.counted), invited: String(newest.invited), rate: String(Math.round(rateOf(newest) * 1000) / 10) }, by, link: '/security/checklists/awareness',
    }])),
  };
}
