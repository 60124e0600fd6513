import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, Route, Routes } from 'react-router';
import { conflictsOf } from '../../../shared/rbac/duties.ts';
import { useAction } from '../../bridge/queries.ts';
import { accessOf, useAccount } from '../../state/session.ts';
import { signOutWhenStored } from '../../state/leaving.ts';
import { addTexts } from '../../i18n/index.ts';
import { Button, ErrorPanel, Page, PageHeader, Tabs } from '../../ui/index.ts';
import { Actions } from './Actions.tsx';
import { Duties } from './Duties.tsx';
import { RoleMatrix } from './RoleMatrix.tsx';
import { SignedIn } from './SignedIn.tsx';
import { SignOutEverywhere } from './SignOutEverywhere.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/access.json', { eager: true, import: 'default' }));

const views = ['sign-in', 'actions', 'roles', 'duties'] as const;

/** Account and rights: who is signed in, what they may do and why, and who may do the rest. */
export default function AccessScreen(): ReactNode {
  return (
    <Routes>
      <Route path=":view" element={<Views />} />
      <Route path="*" element={<Views />} />
    </Routes>
  );
}

function Views(): ReactNode {
  const { t } = useTranslation('access');
  const navigate = useNavigate();
  const { view } = useParams();
  const account = useAccount();
  const signOut = useAction('session.signOut');
  const [isAsking, setAsking] = useState(false);
  const conflicts = useMemo(() => (account === null ? [] : conflictsOf(accessOf(account))), [account]);
  if (account === null) return null;
  const access = accessOf(account);
  const header = (
    <PageHeader title={t('shell:area.access')} detail={`${account.displayName} · ${account.userName}`} actions={<>
      <Button onPress={() => setAsking(true)} data-testid="sign-out-everywhere">{t('everywhere.open')}</Button>
      <Button icon="signOut" isPending={signOut.isPending} onPress={() => void signOutWhenStored(signOut.run)}>{t('signOut')}</Button>
    </>} />
  );
  return (
    <Page header={header}>
      {signOut.error !== null && <ErrorPanel error={signOut.error} isInline />}
      <Tabs label={t('shell:area.access')} selected={views.find((known) => known === view) ?? 'sign-in'} onSelect={(id) => void navigate(`/access/${id}`)} tabs={[
        { id: 'sign-in', label: t('view.signIn'), count: account.gaps?.length === 0 ? undefined : account.gaps?.length, content: <SignedIn account={account} /> },
        { id: 'actions', label: t('view.actions'), content: <Actions access={access} /> },
        { id: 'roles', label: t('view.roles'), content: <RoleMatrix access={access} /> },
        { id: 'duties', label: t('view.duties'), count: conflicts.length === 0 ? undefined : conflicts.length, content: <Duties conflicts={conflicts} /> },
      ]} />
      {isAsking && <SignOutEverywhere onClose={() => setAsking(false)} />}
    </Page>
  );
}
