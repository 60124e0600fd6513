import { join } from 'node:path';
import { act, openApprovals, openDocument, readTrail, signIn, signOut, untilPulled, writeOrder } from './hands.ts';
import { Failure } from './say.ts';
import { account, type WalkContext, type WalkStep } from './walk.ts';

const numberOf = ({ notes }: WalkContext): string => {
  const number = notes.get('order');
  if (number === undefined) throw new Failure('The order of the step before has no number.');
  return number;
};

/** Signs in as one of the accounts; the filled-in form of the identity provider is kept as a picture too. */
const signInAs = (name: string): WalkStep => ({
  name: `${name} signs in through the browser`,
  async run(context) {
    await signIn(context.app, account(context, name), { form: join(context.folder, `login-form-${name}.png`) });
    await untilPulled(context.app);
  },
});

const leave = (name: string): WalkStep => ({ name: `${name} signs out`, run: ({ app }) => signOut(app) });

/** The main job as `npm start` walks it where nobody can watch: three people, one order, and the trail that they leave. */
export const mainJob: readonly WalkStep[] = [
  {
    name: 'The window opens',
    async run({ app }) {
      await app.page.getByRole('button', { name: /^(Im Browser anmelden|Sign in with the browser)/ }).waitFor({ timeout: 20_000 }).catch(() => {
        throw new Failure('the sign-in screen does not appear');
      });
    },
  },
  signInAs('sales'),
  {
    name: 'The documents are listed',
    async run({ app: { page } }) {
      await page.getByRole('navigation').first().getByRole('link', { name: /^(Belege|Documents)/ }).click();
      await page.getByRole('row').nth(5).waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'sales writes an order',
    async run(context) {
      const lines = [{ article: 'weizen', quantity: '25' }, { article: 'raps', quantity: '12,5' }];
      context.notes.set('order', await writeOrder(context.app.page, { partner: 'Hof', address: 'Am Speicher 4, 26121 Oldenburg', lines }));
    },
  },
  { name: 'sales submits it', run: ({ app }) => act(app.page, 'submit', 'pending') },
  leave('sales'),
  signInAs('manager'),
  { name: 'It waits among the approvals', async run(context) {
    await openApprovals(context.app.page);
    await context.app.page.getByRole('row').filter({ hasText: numberOf(context) }).first().waitFor({ timeout: 20_000 });
  } },
  { name: 'manager approves it', async run(context) {
    await openDocument(context.app.page, numberOf(context));
    await act(context.app.page, 'approve', 'approved');
  } },
  leave('manager'),
  signInAs('controller'),
  { name: 'controller posts it', async run(context) {
    await openDocument(context.app.page, numberOf(context));
    await act(context.app.page, 'post', 'posted');
  } },
  {
    name: 'The trail shows all three',
    async run({ app: { page } }) {
      const entries = (await readTrail(page)).map((text) => text.replaceAll(/\s+/g, ' '));
      for (const name of ['sales', 'manager', 'controller']) {
        if (!entries.some((entry) => entry.includes(name))) throw new Failure(`${name} is missing in the trail: ${entries.join(' | ')}`);
      }
    },
  },
];
