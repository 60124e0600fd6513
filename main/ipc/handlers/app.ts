import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import type { ManagedSettings } from '../../config/managed-settings.ts';
import type { SettingsStore } from '../../config/settings.ts';
import type { QuitQuestion } from '../../quit-question.ts';
import type { ProfileSetup } from '../../config/profile-setup.ts';

export type AppHandlerPorts = {
  version: string;
  electron: string;
  platform: 'linux' | 'darwin' | 'win32';
  systemLanguage: 'de' | 'en';
  notices: () => AppError[];
  settings: SettingsStore;
  policy: ManagedSettings;
  setup: ProfileSetup;
  copyText: (text: string) => void;
  quitting: Pick<QuitQuestion, 'shown' | 'quit'>;
};

type AppCalls = 'app.info' | 'app.copyText' | 'quit.shown' | 'quit.now' | 'settings.read' | 'settings.write' | 'app.policy' | 'profiles.list' | 'profiles.check' | 'profiles.checkMonitoring' | 'profiles.setMonitoring' | 'profiles.testLogin' | 'profiles.cancelTestLogin' | 'profiles.save' | 'profiles.activate' | 'profiles.importFile';

/** Calls about the installation itself. */
export function appHandlers(ports: AppHandlerPorts): Pick<CallHandlers, AppCalls> {
  const { settings, policy, setup, version, electron, platform, systemLanguage } = ports;
  return {
    'app.info': () => ({ version, electron, platform, systemLanguage, notices: ports.notices() }),
    'app.copyText': ({ text }) => {
      ports.copyText(text);
      return null;
    },
    'quit.shown': () => {
      ports.quitting.shown();
      return null;
    },
    'quit.now': () => {
      ports.quitting.quit();
      return null;
    },
    'settings.read': () => settings.read(),
    'settings.write': (change) => settings.write(change),
    'app.policy': () => policy.state(),
    'profiles.list': () => setup.list(),
    'profiles.check': async (input) => ({ steps: await setup.check(input) }),
    'profiles.checkMonitoring': async (input) => ({ answers: await setup.checkMonitoring(input) }),
    'profiles.testLogin': ({ profile }) => setup.testLogin(profile),
    'profiles.cancelTestLogin': () => {
      setup.cancelTestLogin();
      return null;
    },
    'profiles.save': (input) => setup.save(input),
    'profiles.setMonitoring': ({ id, monitoring }) => setup.setMonitoring(id, monitoring),
    'profiles.activate': ({ id }) => setup.activate(id),
    'profiles.importFile': () => setup.importFile(),
  };
}
