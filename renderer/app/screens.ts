import { lazy, type ComponentType } from 'react';

type Loader = () => Promise<{ default: ComponentType; /** Reads what the screen shows first. */ readAhead?: () => Promise<void> }>;

const loaders = {
  overview: () => import('../features/overview/index.tsx'),
  documents: () => import('../features/documents/index.tsx'),
  approvals: () => import('../features/approvals/index.tsx'),
  outbox: () => import('../features/outbox/index.tsx'),
  audit: () => import('../features/audit/index.tsx'),
  policies: () => import('../features/policies/index.tsx'),
  security: () => import('../features/security/index.tsx'),
  diagnostics: () => import('../features/diagnostics/index.tsx'),
  settings: () => import('../features/settings/index.tsx'),
  verify: () => import('../features/verify/index.tsx'),
  access: () => import('../features/access/index.tsx'),
} satisfies Record<string, Loader>;

export type ScreenName = keyof typeof loaders;
export const screenNames = Object.keys(loaders) as ScreenName[];

/** The screens of the frame, each in a chunk of its own. */
const lazyScreens: Record<ScreenName, ComponentType> = {
  overview: lazy(loaders.overview), documents: lazy(loaders.documents), approvals: lazy(loaders.approvals), diagnostics: lazy(loaders.diagnostics), settings: lazy(loaders.settings),
  access: lazy(loaders.access), outbox: lazy(loaders.outbox), verify: lazy(loaders.verify), policies: lazy(loaders.policies), security: lazy(loaders.security), audit: lazy(loaders.audit),
};

const load: (name: ScreenName) => ReturnType<Loader> = (name) => loaders[name]();

let preloaded: { name: ScreenName; screen: ComponentType } | null = null;
let isRendered = false;

/** The screen that an address such as `#/documents/…` leads to. */
export const screenOf = (hash: string): ScreenName => {
  const name = /^#\/(\w+)/.exec(hash)?.[1] ?? '';
  return screenNames.find((known) => known === name) ?? 'overview';
};

/**
 * Loads the first screen while the stores fill. It is then rendered without a Suspense boundary, which would hold it
 * back for React's 300 ms between fallback and content. A chunk that cannot be loaded fails again, and visibly, when the
 * screen is opened.
 */
export async function preloadScreen(hash: string): Promise<void> {
  const name = screenOf(hash);
  const loaded = await load(name).catch(() => null);
  // Too late is not better than never: another component in the same place would mount the screen anew.
  if (loaded !== null && !isRendered) preloaded = { name, screen: loaded.default };
}

/** Reads what the first screen shows first, for the time when it is known who is signed in. */
export const readScreenAhead = async (hash: string): Promise<void> => (await load(screenOf(hash)).catch(() => null))?.readAhead?.();

/** The component of a screen. The same one for as long as the window lives, so that it never remounts by itself. */
export function componentOf(name: ScreenName): ComponentType {
  isRendered = true;
  return preloaded?.name === name ? preloaded.screen : lazyScreens[name];
}
