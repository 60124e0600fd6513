import type { WalkStep } from './walk.ts';
import { Failure } from './say.ts';

/** The main job as `npm start` walks it where nobody can watch. */
export const mainJob: readonly WalkStep[] = [
  {
    name: 'The window opens',
    async run({ app }) {
      await app.page.waitForLoadState('domcontentloaded');
      await app.page.locator('body *:visible').first().waitFor({ timeout: 20_000 }).catch(() => {
        throw new Failure('the window stays empty');
      });
    },
  },
];
