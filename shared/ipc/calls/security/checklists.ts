import { z } from 'zod';
import { answerSchema, campaignSchema, checklistSchema, idSchema, resultSchema } from '../../../security/checklists/list.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
const target = z.object({ list: idSchema, item: idSchema });

/** Checklists with their answers, and campaigns. */
export const checklistsCalls = {
  /** From the cache, at once. `place`: where answers are kept; unknown before the server was asked. */
  'checklists.read': centreRead(nothing, z.object({
    lists: z.array(checklistSchema), results: z.array(resultSchema), campaigns: z.array(campaignSchema), /** Points, and origins of evidence. */ proven: z.array(z.string()), place: z.enum(['server', 'here', 'unknown']),
  })),
  /** Sends what was answered without the server, and reads what others have answered. */
  'checklists.sync': centreRead(nothing, z.object({ isServerAsked: z.boolean() })),
  'checklists.answer': centreAct(target.extend({ answer: answerSchema }), resultSchema),
  /** Ends a conflict. */
  'checklists.resolve': centreAct(target.extend({ keep: z.enum(['mine', 'theirs']) }), resultSchema),
  'checklists.saveCampaign': centreAct(campaignSchema, z.literal(true)),
  'checklists.removeCampaign': centreAct(z.object({ id: z.uuid() }), z.literal(true)),
  /** Asks where to save; one list as CSV. */
  'checklists.export': centreRead(z.object({ list: idSchema, language: z.enum(['de', 'en']), suggestedName: z.string().max(200) }), z.object({ path: z.string() }).nullable()),
};
