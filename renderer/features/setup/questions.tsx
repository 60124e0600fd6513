import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, type ActionState } from '../../bridge/queries.ts';
import { switchWhenStored } from '../../state/leaving.ts';
import { useAdoptProfiles } from '../../state/profiles.ts';
import { Button, ErrorPanel, ProgressBar, Select, TextField } from '../../ui/index.ts';
import { LoginTest } from '../login-test/LoginTest.tsx';
import { CheckList } from './CheckList.tsx';
import { hasFailed, stepsFor, wasRefused, type CheckStep, type stepsOf } from './report.ts';
import type { Answers } from './index.tsx';
import styles from './setup.module.css';

export type QuestionProps = { answers: Answers; change: (part: Partial<Answers>) => void; back: () => void; next: () => void; onDone?: (() => void) | undefined };

const providers = ['keycloak', 'entra', 'auth0', 'generic'] as const;
const environments = ['production', 'test', 'demo'] as const;

type Check = { action: ActionState<'profiles.check'>; steps: CheckStep[]; run: () => Promise<void>; reset: () => void };

/** Checks the answers so far and keeps the steps of one question. It goes on by itself when all is well. */
function useCheck(question: keyof typeof stepsOf, answers: Answers, next: () => void): Check {
  const action = useAction('profiles.check');
  const [steps, setSteps] = useState<CheckStep[]>([]);
  const run = async (): Promise<void> => {
    const { erpUrl, issuer, clientId } = answers;
    const result = await action.run({ erpUrl: erpUrl.trim(), issuer: issuer.trim(), clientId: clientId.trim() });
    if (result === null) return;
    const mine = stepsFor(question, result.steps);
    setSteps(mine);
    if (mine.every((step) => step.status === 'ok')) next();
  };
  return { action, steps, run, reset: () => setSteps([]) };
}

function QuestionForm({ title, hint, check, back, next, answers, children, isComplete }: {
  title: string; hint: string; check: Check; back: () => void; next: () => void; answers: Answers; children: ReactNode; isComplete: boolean;
}): ReactNode {
  const { t } = useTranslation('setup');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isComplete) void check.run();
  };
  const mayGoOn = check.steps.length > 0 && !hasFailed(check.steps) && !wasRefused(check.steps);
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.muted}>{hint}</p>
      {children}
      {check.action.isPending && <ProgressBar label={t('check.running')} value={null} />}
      {check.action.error !== null && <ErrorPanel error={check.action.error} onRetry={() => void check.run()} />}
      {!check.action.isPending && check.steps.length > 0 && !wasRefused(check.steps) && <CheckList steps={check.steps} input={answers} />}
      <div className={styles.actions}>
        <Button onPress={back}>{t('back')}</Button>
        <span className={styles.space} />
        {mayGoOn && <Button onPress={next}>{t('continue')}</Button>}
        {!mayGoOn && check.steps.length > 0 && <Button variant="quiet" onPress={next}>{t('continueAnyway')}</Button>}
        <Button type="submit" variant="primary" isPending={check.action.isPending} isDisabled={!isComplete} reason={t('check.incomplete')}>{check.steps.length > 0 ? t('check.again') : t('check.run')}</Button>
      </div>
    </form>
  );
}

/** Where the ERP is. */
export function ServerQuestion({ answers, change, back, next }: QuestionProps): ReactNode {
  const { t } = useTranslation('setup');
  const check = useCheck('server', answers, next);
  return (
    <QuestionForm title={t('server.title')} hint={t('server.hint')} check={check} back={back} next={next} answers={answers} isComplete={answers.erpUrl.trim() !== ''}>
      <TextField
        label={t('server.address')} type="url" isRequired autoFocus value={answers.erpUrl} placeholder="https://erp.example.de" error={wasRefused(check.steps) ? t('server.refused') : null}
        onChange={(erpUrl) => { change({ erpUrl }); check.reset(); }}
      />
    </QuestionForm>
  );
}

/** Who signs people in. */
export function IdentityProviderQuestion({ answers, change, back, next }: QuestionProps): ReactNode {
  const { t } = useTranslation('setup');
  const check = useCheck('identityProvider', answers, next);
  const edit = (part: Partial<Answers>): void => {
    change(part);
    check.reset();
  };
  return (
    <QuestionForm
      title={t('identityProvider.title')} hint={t('identityProvider.hint')} check={check} back={back} next={next} answers={answers}
      isComplete={answers.issuer.trim() !== '' && answers.clientId.trim() !== ''}
    >
      <Select label={t('identityProvider.kind')} value={answers.provider} options={providers.map((value) => ({ value, label: t(`provider.${value}`) }))} onChange={(provider) => edit({ provider })} />
      <TextField
        label={t('identityProvider.issuer')} type="url" isRequired autoFocus value={answers.issuer} placeholder={t(`issuerExample.${answers.provider}`)}
        error={wasRefused(check.steps) ? t('server.refused') : null} onChange={(issuer) => edit({ issuer })}
      />
      <TextField label={t('identityProvider.clientId')} isRequired value={answers.clientId} hint={t('identityProvider.clientIdHint')} onChange={(clientId) => edit({ clientId })} />
    </QuestionForm>
  );
}

/** What the connection is called, and whether it is the real thing. */
export function NameQuestion({ answers, change, back, onDone }: QuestionProps): ReactNode {
  const { t } = useTranslation('setup');
  const adopt = useAdoptProfiles();
  const save = useAction('profiles.save');
  const isComplete = answers.name.trim() !== '';
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (!isComplete) return;
    await switchWhenStored(async () => {
      const overview = await save.run({ ...answers, name: answers.name.trim(), erpUrl: answers.erpUrl.trim(), issuer: answers.issuer.trim(), clientId: answers.clientId.trim() });
      if (overview === null) return;
      adopt(overview);
      onDone?.();
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={styles.form}>
      <h1 className={styles.title}>{t('name.title')}</h1>
      <p className={styles.muted}>{t('name.hint')}</p>
      <TextField label={t('name.name')} isRequired autoFocus value={answers.name} maxLength={80} placeholder={t('name.example')} onChange={(name) => change({ name })} />
      <Select label={t('name.environment')} value={answers.environment} options={environments.map((value) => ({ value, label: t(`environment.${value}`), note: t(`environmentNote.${value}`) }))} onChange={(environment) => change({ environment })} />
      <section className={styles.check} aria-label={t('login-test:title')}>
        <b>{t('login-test:title')}</b>
        <LoginTest profile={{ erpUrl: answers.erpUrl.trim(), issuer: answers.issuer.trim(), clientId: answers.clientId.trim(), provider: answers.provider }} tested={answers} />
      </section>
      {save.error !== null && <ErrorPanel error={save.error} onRetry={() => void submit()} />}
      <div className={styles.actions}>
        <Button onPress={back}>{t('back')}</Button>
        <span className={styles.space} />
        <Button type="submit" variant="primary" isPending={save.isPending} isDisabled={!isComplete} reason={t('name.missing')}>{t('save')}</Button>
      </div>
    </form>
  );
}
