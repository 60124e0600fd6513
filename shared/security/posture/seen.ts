import type { PostureCheckId } from './checks.ts';

/** What can be seen; the texts are `seen.<key>` in the namespace `security-posture`. */
export const seenKeys = [
  'notAsked', 'limited', 'otherStatus', 'noConnection',
  'loopbackOnly', 'tls', 'oldTls', 'oldTlsUntold', 'noModernTls', 'noDirectWay',
  'certificate', 'noCertificate', 'untrusted', 'certificateExpired', 'certificateOtherName', 'certificateWeakKey', 'certificateSoon',
  'header', 'headerMissing', 'headerWrong', 'headerNotOnErrors', 'hstsShort', 'cspOpen', 'cspLoose',
  'tokenRefused', 'tokenAccepted', 'tokenCrash', 'noOwnToken', 'noExpiredToken', 'audience.none', 'audience.over', 'audience.same',
  'doorsOpen', 'doorsClosed', 'doorsPartlyTold', 'corsReflected', 'corsReflectedCredentials', 'corsAny', 'corsClosed',
  'leak.sql', 'leak.trace', 'leak.python', 'leak.path', 'leak.address', 'noLeaks', 'correlationEchoed', 'correlationMissing', 'correlationOther',
  'rateHeaders', 'noRateHeaders', 'retryAfter', 'noRetryAfter', 'limitReached', 'counting', 'notCounting', 'notCountable',
  'noDate', 'clockRight', 'clockOff', 'healthy', 'unhealthy', 'noProbe',
] as const;
export type SeenKey = (typeof seenKeys)[number];

/** Keys of the texts that belong to a check. */
export const textsOfCheck = (id: PostureCheckId): string[] => ['check', 'good', 'advice'].map((kind) => `${kind}.${id}`);
