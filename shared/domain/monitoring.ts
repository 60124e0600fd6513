import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';
import { serverAddressSchema, type ConnectionProfile } from './profile.ts';

/** The servers beside the ERP that watch it, in the order in which people are asked for them. */
export const watcherIds = ['prometheus', 'alertmanager', 'loki'] as const;
export type WatcherId = (typeof watcherIds)[number];

/** Where each stands in a profile. */
export const watcherFields = { prometheus: 'prometheusUrl', alertmanager: 'alertmanagerUrl', loki: 'lokiUrl' } as const satisfies Record<WatcherId, keyof ConnectionProfile>;

/** What people type; an empty text is a server that there is not. */
export const monitoringSchema = z.object({ prometheusUrl: z.string().max(500), alertmanagerUrl: z.string().max(500), lokiUrl: z.string().max(500) });
export type Monitoring = z.infer<typeof monitoringSchema>;
export const noMonitoring: Monitoring = { prometheusUrl: '', alertmanagerUrl: '', lokiUrl: '' };

/** What a profile names, as the form shows it. */
export const monitoringOf = ({ prometheusUrl = '', alertmanagerUrl = '', lokiUrl = '' }: Partial<ConnectionProfile>): Monitoring => ({ prometheusUrl, alertmanagerUrl, lokiUrl });

/** What asking one of them came to. */
export const watcherFindings = ['answers', 'noErpMetrics', 'signIn', 'signInErp', 'otherWatcher', 'loginPage', 'notThis', 'notReady', 'silent', 'slow', 'untrusted'] as const;
export const watcherAnswerSchema = z.object({
  id: z.enum(watcherIds),
  status: z.enum(['ok', 'warning', 'failed']),
  finding: z.enum(watcherFindings),
  host: z.string(),
  /** As it says itself; null where it does not. */
  version: z.string().max(60).nullable(),
  /** Which of the three answers there instead. */
  found: z.enum(watcherIds).nullable(),
  /** With which it refuses. */
  httpStatus: z.string().max(10).nullable(),
  /** Why its certificate is not trusted. */
  error: appErrorSchema.nullable(),
});
export type WatcherAnswer = z.infer<typeof watcherAnswerSchema>;

/** Pages of each that people copy from the browser's address bar, and the beginning of its interface. */
const pages: Record<WatcherId, RegExp> = {
  prometheus: /\/(classic\/)?(graph|query|targets|alerts|rules|config|status|flags|tsdb-status|service-discovery|metrics|api(\/v1)?(\/.*)?)$/,
  alertmanager: /\/(api(\/v[12])?(\/.*)?|metrics)$/,
  loki: /\/(loki(\/api.*)?|ready|metrics)$/,
};

export type AddressProblem = 'noAddress' | 'unencrypted' | 'credentials';
export type ReadAddress = { address: string; problem: null } | { address: null; problem: AddressProblem };

/**
 * Reads an address as people type it: without a scheme, with the page they had open in the browser, with a slash at the end. What comes
 * out is the base address that a profile holds; an empty text stays empty.
 */
export function readAddress(id: WatcherId, text: string): ReadAddress {
  const typed = text.trim();
  if (typed === '') return { address: '', problem: null };
  const isHere = /^(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/i.test(typed);
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${isHere ? 'http' : 'https'}://${typed}`;
  const [, scheme = '', server = '', path = ''] = /^(https?):\/\/([^/?#\s]+)([^?#\s]*)(?:[?#]\S*)?$/i.exec(whole) ?? [];
  if (server.includes('@')) return { address: null, problem: 'credentials' };
  const base = path.replace(/\/+$/, '').replace(pages[id], '').replace(/\/+$/, '');
  const address = serverAddressSchema.safeParse(`${scheme.toLowerCase()}://${server}${base}`);
  if (address.success) return { address: address.data, problem: null };
  return { address: null, problem: serverAddressSchema.safeParse(`https://${server}`).success ? 'unencrypted' : 'noAddress' };
}
