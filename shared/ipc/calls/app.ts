import { z } from 'zod';
import { appErrorSchema } from '../errors.ts';
import { openCall, unlockedCall } from '../call.ts';
import { appPolicyStateSchema } from '../../domain/app-policy.ts';
import { loginTestReportSchema } from '../../domain/login-test.ts';
import { monitoringSchema, watcherAnswerSchema } from '../../domain/monitoring.ts';
import { settingsChangeSchema, settingsSchema } from '../../domain/settings.ts';
import { connectionProfileSchema, identityProviders } from '../../domain/profile.ts';

const nothing = z.undefined();

export const appInfoSchema = z.object({
  version: z.string(),
  electron: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  /** The language the system prefers, already narrowed to what we have. */
  systemLanguage: z.enum(['de', 'en']),
  /** Things that happened before the window was there: a salvaged database, a settings file that had to be reset. */
  notices: z.array(appErrorSchema),
});

export const checkInputSchema = z.object({
  erpUrl: z.string().max(500),
  issuer: z.string().max(500),
  clientId: z.string().max(200),
});

/** One step of the live check on the setup screen, in the order a connection is made. */
export const checkStepSchema = z.object({
  id: z.enum(['address', 'erp', 'tls', 'identityProvider', 'issuer', 'clock']),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  error: appErrorSchema.nullable(),
  /** A short fact for the administrator: host, TLS version, clock difference. */
  detail: z.string().nullable(),
});

export const profileOverviewSchema = z.object({ profiles: z.array(connectionProfileSchema), activeId: z.string().nullable() });

export const appCalls = {
  'app.info': openCall(nothing, appInfoSchema),
  'app.copyText': openCall(z.object({ text: z.string().max(1_000_000) }), z.null()),
  /** The window's answer to `quit.asked`: its question stands, and the app waits for the person. */
  'quit.shown': openCall(nothing, z.null()),
  /** Ends the app without a further question. */
  'quit.now': openCall(nothing, z.null()),
  'settings.read': openCall(nothing, settingsSchema),
  'settings.write': openCall(settingsChangeSchema, settingsSchema),
  /** What holds on this computer, who decided it, and what is wrong with the administration's file. */
  'app.policy': openCall(nothing, appPolicyStateSchema),
  'profiles.list': openCall(nothing, profileOverviewSchema),
  'profiles.check': openCall(checkInputSchema, z.object({ steps: z.array(checkStepSchema) })),
  /** Asks each server that is named who it is; with the certificates that a known profile trusts. */
  'profiles.checkMonitoring': openCall(z.object({ profileId: z.string().nullable(), erpUrl: z.string().max(500), monitoring: monitoringSchema }), z.object({ answers: z.array(watcherAnswerSchema) })),
  /** Signs in once in the browser and says what comes of it; of the active profile, or of one that is being set up. Nothing is kept. */
  'profiles.testLogin': openCall(z.object({ profile: checkInputSchema.extend({ provider: z.enum(identityProviders) }).nullable() }), loginTestReportSchema),
  'profiles.cancelTestLogin': openCall(nothing, z.null()),
  /** Adds, or changes the one of the same name and server, and makes it the active one. */
  'profiles.save': openCall(
    z.object({ name: z.string().max(80), environment: z.enum(['production', 'test', 'demo']), provider: z.enum(identityProviders), ...checkInputSchema.shape, monitoring: monitoringSchema }),
    profileOverviewSchema,
  ),
  /** Changes what a profile says about the servers beside the ERP, and nothing else. It counts at once, and whatever is open stays open. */
  'profiles.setMonitoring': unlockedCall(z.object({ id: z.string(), monitoring: monitoringSchema }), profileOverviewSchema),
  'profiles.activate': openCall(z.object({ id: z.string() }), profileOverviewSchema),
  /** Opens the system's file dialog; null when it was closed without a choice. */
  'profiles.importFile': openCall(nothing, profileOverviewSchema.nullable()),
};
