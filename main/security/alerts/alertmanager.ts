import { z } from 'zod';
import type { FiredAlert, Matcher, Silence } from '../../../shared/security/alerts/alert.ts';
import { redactText } from '../../log/redact.ts';
import type { Outside } from '../outside.ts';

const time = z.string().max(60).transform((text) => Date.parse(text)).pipe(z.number());
const labels = z.record(z.string(), z.string());

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
const alertsSchema = z.array(z.object({
  fingerprint: z.string().max(200), startsAt: time, labels, annotations: labels,
  status: z.object({ state: z.enum(['unprocessed', 'active', 'suppressed']), silencedBy: z.array(z.string().max(100)), inhibitedBy: z.array(z.string()) }),
}));
const silencesSchema = z.array(z.object({
  id: z.string().max(100), status: z.object({ state: z.enum(['expired', 'active', 'pending']) }), comment: z.string(), createdBy: z.string(), startsAt: time, endsAt: time,
  // Servers before 0.22 know no negative matchers.
  matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) })),
}));

/** Whoever writes rules writes anything into them. */
const shownValue = (value: string): string => redactText(value.slice(0, 1900));
const shown = (given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).slice(0, 40).map(([name, value]) => [name.slice(0, 300), shownValue(value)]));

/** Alertmanager's API v2. @throws AppFailure as {@link Outside.request} */
export const createAlertmanager = (server: Outside) => ({
  host: server.host,
  async alerts(signal: AbortSignal): Promise<FiredAlert[]> {
    const found = await server.request({ path: '/api/v2/alerts', schema: alertsSchema, signal });
    return found.map(({ fingerprint, startsAt, labels: names, annotations, status }): FiredAlert => ({
      id: fingerprint, origin: 'alertmanager', name: (names['alertname'] ?? '').slice(0, 300), severity: (names['severity'] ?? '').toLowerCase().slice(0, 60),
      state: status.state !== 'suppressed' ? 'firing' : status.silencedBy.length > 0 ? 'silenced' : 'inhibited', since: startsAt, labels: shown(names), annotations: shown(annotations), silencedBy: status.silencedBy,
    }));
  },
  /** What an alert really carries, uncut; null when it does not fire any more. Not for the window. */
  async labelsOf(id: string, signal: AbortSignal): Promise<Record<string, string> | null> {
    const found = await server.request({ path: '/api/v2/alerts', schema: alertsSchema, signal });
    return found.find(({ fingerprint }) => fingerprint === id)?.labels ?? null;
  },
  async silences(signal: AbortSignal): Promise<Silence[]> {
    const found = await server.request({ path: '/api/v2/silences', schema: silencesSchema, signal });
    return found.map(({ id, status, matchers, createdBy, comment, startsAt, endsAt }) => ({
      id, state: status.state, matchers: matchers.map(({ name, value, ...how }) => ({ ...how, name: name.slice(0, 300), value: shownValue(value) })), createdBy: createdBy.slice(0, 300), reason: redactText(comment.slice(0, 3900)), startsAt, endsAt,
    }));
  },
  /** @returns the id of the new silence */
  async silence({ matchers, createdBy, reason, from, to }: { matchers: readonly Matcher[]; createdBy: string; reason: string; from: number; to: number }, signal: AbortSignal): Promise<string> {
    const body = { matchers, createdBy, comment: reason, startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() };
    return (await server.request({ method: 'POST', path: '/api/v2/silences', body, schema: z.object({ silenceID: z.string().max(100) }), signal })).silenceID;
  },
  async expire(id: string, signal: AbortSignal): Promise<void> {
    await server.request({ method: 'DELETE', path: `/api/v2/silence/${encodeURIComponent(id)}`, schema: z.unknown(), signal });
  },
});

export type Alertmanager = ReturnType<typeof createAlertmanager>;
