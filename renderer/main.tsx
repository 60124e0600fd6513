import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HashRouter } from 'react-router';
import { config } from 'zod';
import { App } from './app/App.tsx';
import { preloadScreen, readScreenAhead } from './app/screens.ts';
import { queryClient } from './bridge/queries.ts';
import { startTexts } from './i18n/index.ts';
import { startState } from './state/start.ts';

// Zod would probe for eval, which the content security policy forbids and reports. Schemas are only in lazy chunks, so this is early enough.
config({ jitless: true });

/** Longest wait for the stores before the first render, in milliseconds; index.html shows the empty frame meanwhile. */
const longestWait = 250;

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  startTexts(navigator.language.toLowerCase().startsWith('en') ? 'en' : 'de');
  await Promise.race([Promise.all([startState(() => readScreenAhead(location.hash)), preloadScreen(location.hash)]), new Promise((resolve) => setTimeout(resolve, longestWait))]);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <HashRouter><App /></HashRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
