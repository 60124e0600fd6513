import { z } from 'zod';
import { openCall } from '../call.ts';
import { diagnosticReportSchema } from '../../domain/diagnostics.ts';

const nothing = z.undefined();

/** Diagnosing works signed out, without a profile and offline; `diagnostics.changed` tells how far it is. */
export const diagnosticsCalls = {
  'diagnostics.report': openCall(nothing, diagnosticReportSchema),
  /** Runs, or joins the run under way; answers when it has ended. */
  'diagnostics.run': openCall(nothing, diagnosticReportSchema),
  'diagnostics.cancel': openCall(nothing, z.null()),
  /** The support bundle, for the person to read before it goes anywhere. */
  'diagnostics.bundle': openCall(nothing, z.object({ text: z.string() })),
  /** Saves the bundle that was shown last; null when the person cancelled. */
  'diagnostics.saveBundle': openCall(z.object({ suggestedName: z.string().min(1).max(120) }), z.object({ path: z.string() }).nullable()),
};
