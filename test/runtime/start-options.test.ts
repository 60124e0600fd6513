import { describe, expect, it } from 'vitest';
import { appArguments, appEnvironment } from './launch.ts';
import { parseStartOptions } from './start-options.ts';
import { account, pictureName } from './walk.ts';

describe('the options of npm start', () => {
  it('are read', () => {
    expect(parseStartOptions(['--profile', 'p.json', '--user-data', 'd', '--headless', '--once', '--cdp-port', '9222', '--electron', '/e'])).toEqual({ profile: 'p.json', userData: 'd', headless: true, once: true, cdpPort: 9222, electron: '/e' });
    expect(parseStartOptions([])).toEqual({ headless: false, once: false });
  });

  it.each([['--unknown'], ['--profile'], ['file'], ['--cdp-port', '0'], ['--cdp-port', 'abc'], ['--cdp-port', '70000']])('end in a sentence and the usage: %s %s', (...argv) => {
    expect(() => parseStartOptions(argv)).toThrow(/Usage: npm start/);
  });
});

describe('the app\'s surroundings', () => {
  it('have the language asked for and nothing of npm or Node', () => {
    const env = appEnvironment({ locale: 'en', env: { MINE: '1' } }, { PATH: '/bin', NODE_OPTIONS: '--inspect', npm_config_registry: 'x', ELECTRON_RUN_AS_NODE: '1' });
    expect(env).toEqual({ PATH: '/bin', LANG: 'en_US.UTF-8', LANGUAGE: 'en_US.UTF-8', VALEO_NODE: process.execPath, MINE: '1' });
  });

  it('name user data and profile', () => {
    expect(appArguments({ profile: '/p.json', args: ['--x'] }, '/data')).toEqual(expect.arrayContaining(['--user-data=/data', '--profile=/p.json', '--lang=de', '--x']));
  });
});

describe('the walk', () => {
  it('names its pictures in order', () => {
    expect(pictureName(2, 'The sales account submits: SO-1!')).toBe('03-the-sales-account-submits-so-1.png');
  });
  it('says when an account is missing', () => {
    expect(() => account({ accounts: [] }, 'sales')).toThrow('no account named sales');
  });
});
