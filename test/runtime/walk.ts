import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Account } from './browser.ts';
import { tail } from './exec.ts';
import type { LaunchedApp } from './launch.ts';
import { root } from './paths.ts';
import { duration, Failure, say } from './say.ts';

/** What the steps of a walk work with. `notes` carries what one step finds out to the later ones, such as a document's number. */
export type WalkContext = {
  app: LaunchedApp;
  accounts: readonly Account[];
  folder: string;
  notes: Map<string, string>;
};

export type WalkStep = {
  /** As the person at the terminal reads it. */
  name: string;
  run(context: WalkContext): Promise<void>;
};

/** @throws Failure when the backend in use has no such account */
export function account(context: Pick<WalkContext, 'accounts'>, name: string): Account {
  const found = context.accounts.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Failure(`The backend in use has no account named ${name}, which the walk needs.`);
  return found;
}

/** File name of a step's picture: `03-submit-the-order.png`. */
export function pictureName(index: number, name: string): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 60);
  return `${String(index + 1).padStart(2, '0')}-${slug}.png`;
}

/**
 * Walks through the steps in order, taking a picture after each; the picture of a step that fails shows where it stopped.
 * @returns whether every step succeeded
 */
export async function runWalk(context: WalkContext, steps: readonly WalkStep[], report: (line: string) => void = say): Promise<boolean> {
  if (steps.length === 0) throw new Failure('The walk has no steps.');
  await mkdir(context.folder, { recursive: true });
  for (const [index, step] of steps.entries()) {
    const picture = join(context.folder, pictureName(index, step.name));
    const started = performance.now();
    let problem: string | undefined;
    try {
      await step.run(context);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const taken = await context.app.page.screenshot({ path: picture, timeout: 10_000 }).then(() => relative(root, picture), () => 'no picture: the window is gone');
    if (problem !== undefined) {
      report(`  ✗ ${step.name}: ${problem}\n    ${taken}`);
      if (context.app.logs.length > 0) report(`    the app's last lines:\n${tail(context.app.logs.join('\n'))}`);
      return false;
    }
    report(`  ✓ ${step.name} (${duration(performance.now() - started)})  ${taken}`);
  }
  return true;
}
