import { lazy } from 'react';

const loaders = {
  overview: () => import('../features/overview/index.tsx'),
  documents: () => import('../features/documents/index.tsx'),
  approvals: () => import('../features/approvals/index.tsx'),
  settings: () => import('../features/settings/index.tsx'),
};

/** The screens of the frame, each in a chunk of its own. */
export const screens = {
  overview: lazy(loaders.overview), documents: lazy(loaders.documents), approvals: lazy(loaders.approvals), settings: lazy(loaders.settings),
};

/** Starts to load the screen that an address such as `#/documents/…` leads to, so that it is there when the first answers are. */
export function preloadScreen(hash: string): void {
  const name = /^#\/(\w+)/.exec(hash)?.[1] ?? 'overview';
  void (name in loaders ? loaders[name as keyof typeof loaders] : loaders.overview)();
}
