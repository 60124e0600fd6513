import { useNavigate } from 'react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../bridge/call.ts';
import { usePalette } from '../features/palette/store.ts';
import { useCommand } from '../state/commands.ts';
import { useIsOffline } from '../state/connection.ts';
import { signOutWhenStored } from '../state/leaving.ts';
import { useApprovalRights } from './useWaiting.ts';

/** The palette would come up again with the work. */
function lockNow(): void {
  usePalette.getState().close();
  void call('lock.lock').catch(() => undefined);
}

/** The commands that work on every screen. A screen's command with the same key goes first. */
export function useFrameCommands(): void {
  const { t } = useTranslation('shell');
  const { t: words } = useTranslation('lock');
  const navigate = useNavigate();
  const open = usePalette((palette) => palette.open);
  const isOffline = useIsOffline();
  const approvals = useApprovalRights();
  const goTo = (path: string) => () => void navigate(path);
  const area = (name: string): string => t('command.goTo', { area: t(`area.${name}`) });
  useCommand({ id: 'app.palette', title: t('palette.open'), group: 'general', shortcut: 'Ctrl+K', run: () => open('commands'), isHidden: true, isFallback: true });
  useCommand({ id: 'app.shortcuts', title: t('shortcuts.title'), group: 'general', shortcut: 'F1', run: () => open('shortcuts'), isFallback: true });
  useCommand({ id: 'go.overview', title: area('overview'), group: 'navigation', shortcut: 'Alt+1', run: goTo('/overview'), isFallback: true });
  useCommand({ id: 'go.documents', title: area('documents'), group: 'navigation', shortcut: 'Alt+2', run: goTo('/documents'), isFallback: true });
  useCommand({ id: 'go.approvals', title: area('approvals'), group: 'navigation', shortcut: 'Alt+3', run: goTo('/approvals'), isEnabled: approvals.reason === null, reason: approvals.reason, isFallback: true });
  useCommand({ id: 'go.outbox', title: t('command.goTo', { area: t('outbox:title') }), group: 'navigation', shortcut: 'Alt+0', run: goTo('/outbox'), isFallback: true });
  useCommand({ id: 'go.diagnostics', title: area('diagnostics'), group: 'navigation', run: goTo('/diagnostics'), isFallback: true });
  useCommand({ id: 'go.settings', title: area('settings'), group: 'navigation', shortcut: 'Alt+9', run: goTo('/settings'), isFallback: true });
  useCommand({ id: 'go.verify', title: t('verify:title'), group: 'document', shortcut: 'Ctrl+Shift+P', run: goTo('/verify'), isFallback: true });
  useCommand({ id: 'go.access', title: t('command.goTo', { area: t('shell:area.access') }), group: 'session', run: goTo('/access'), isFallback: true });
  useCommand({ id: 'app.search', title: t('palette.open'), group: 'general', shortcut: 'F3', run: () => open('commands'), isHidden: true, isFallback: true });
  useCommand({ id: 'sync.pull', title: t('sync.pull'), group: 'general', shortcut: 'F5', isEnabled: !isOffline, reason: t('sync.offlineReason'), isFallback: true, run: () => void call('sync.pull').catch(() => undefined) });
  // Not a fallback: it has to work from within a dialog too.
  useCommand({ id: 'lock.lock', title: words('lock.command'), group: 'session', shortcut: 'Ctrl+L', run: lockNow });
  useCommand({ id: 'session.signOut', title: t('account.signOut'), group: 'session', isFallback: true, run: () => void signOutWhenStored(() => call('session.signOut').catch(() => undefined)) });
}
