import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppPolicyState, PolicyChoice, PolicyName } from '../../../shared/domain/app-policy.ts';
import { useAction } from '../../bridge/queries.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useInfo } from '../../state/info.ts';
import { useAppPolicyState } from '../../state/app-policy.ts';
import { Badge, Banner, Checkbox, DefinitionList, ErrorPanel, Select } from '../../ui/index.ts';
import { idleOptions } from './idle-options.ts';
import styles from './settings.module.css';

const never = 'never';
const switches = ['lock.onSuspend', 'lock.onScreenLock', 'lock.needsSignIn'] as const satisfies readonly PolicyName[];
/** What only the administration decides. */
const rules = ['recoveryKey.allowed', 'session.withoutKeychain', 'wipe.allowed'] as const satisfies readonly PolicyName[];

const isGoverned = ({ sources }: AppPolicyState, name: PolicyName): boolean => sources[name] === 'managed' || sources[name] === 'unreadable';

/** When the app locks, how long it works without a server, and which of it the administration decided. */
export function LockAndOffline(): ReactNode {
  const { t } = useTranslation('settings');
  const message = useMessage();
  const state = useAppPolicyState();
  const write = useAction('settings.write');
  // Electron has no event for the lock screen there.
  const isLinux = useInfo(({ info }) => info?.platform === 'linux');
  if (state === undefined) return null;
  const { values, file, notice } = state;
  const change = (policy: PolicyChoice): void => void write.run({ policy });
  const minutes = values['lock.idleMinutes'];
  const unknown = file.problems.filter(({ problem }) => problem === 'unknown').map(({ name }) => name);
  return (
    <div className={styles.policy} data-testid="app-policy" data-file={file.status}>
      {notice !== null && <Banner tone="warning">{message(notice)}</Banner>}
      <div className={styles.rule}>
        <Select
          label={t('policy.lock.idleMinutes')} value={minutes === null ? never : String(minutes)} isDisabled={isGoverned(state, 'lock.idleMinutes')} data-testid="policy-idle"
          options={idleOptions(minutes).map((option) => ({ value: option === null ? never : String(option), label: option === null ? t('policy.never') : t('policy.minutes', { count: option }) }))}
          onChange={(value) => change({ 'lock.idleMinutes': value === never ? null : Number(value) })}
        />
        <Source state={state} name="lock.idleMinutes" />
      </div>
      {switches.map((name) => (
        <div key={name} className={styles.rule} data-policy={name}>
          <Checkbox isSelected={values[name]} isDisabled={isGoverned(state, name) || (name === 'lock.onScreenLock' && isLinux)} onChange={(isOn) => change({ [name]: isOn })}>{t(`policy.${name}`)}</Checkbox>
          {name === 'lock.onScreenLock' && isLinux && <span className={styles.muted}>{t('policy.notOnLinux')}</span>}
          <Source state={state} name={name} />
        </div>
      ))}
      {write.error !== null && <ErrorPanel error={write.error} isInline />}
      <DefinitionList items={[
        { label: t('policy.offline.graceHours'), value: <span className={styles.rule}>{t('policy.hours', { count: values['offline.graceHours'] })}<Source state={state} name="offline.graceHours" /></span> },
        ...rules.map((name) => ({ label: t(`policy.${name}`), value: <span className={styles.rule}>{t(values[name] ? 'policy.allowed' : 'policy.forbidden')}<Source state={state} name={name} /></span> })),
      ]} />
      {unknown.length > 0 && <p className={styles.muted}>{t('policy.unknown', { file: file.name, names: unknown.join(', ') })}</p>}
    </div>
  );
}

/** Says that the administration decided it; what people or the defaults decide needs no word. */
function Source({ state, name }: { state: AppPolicyState; name: PolicyName }): ReactNode {
  const { t } = useTranslation('settings');
  if (!isGoverned(state, name)) return null;
  return <Badge icon="lock" tone={state.sources[name] === 'unreadable' ? 'warning' : 'neutral'}>{t(`policy.source.${state.sources[name]}`)}</Badge>;
}
