import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useNavigate, useParams } from 'react-router';
import { securityAreas, type SecurityArea } from '../../../shared/security/areas.ts';
import { addTexts } from '../../i18n/index.ts';
import { Page, PageHeader, Tabs } from '../../ui/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/security.json', { eager: true, import: 'default' }));

/** Each area in a chunk of its own. It fills the tab: its own bar with actions on top, its table, its foot. */
const screens: Readonly<Record<SecurityArea, ComponentType>> = {
  score: lazy(() => import('./score/index.tsx')), posture: lazy(() => import('./posture/index.tsx')), findings: lazy(() => import('./findings/index.tsx')), alerts: lazy(() => import('./alerts/index.tsx')),
  metrics: lazy(() => import('./metrics/index.tsx')), backups: lazy(() => import('./backups/index.tsx')), secrets: lazy(() => import('./secrets/index.tsx')), incidents: lazy(() => import('./incidents/index.tsx')),
  gdpr: lazy(() => import('./gdpr/index.tsx')), checklists: lazy(() => import('./checklists/index.tsx')), review: lazy(() => import('./review/index.tsx')),
};

/** The security centre: one tab an area, each at an address of its own (`/security/findings/…`). */
export default function SecurityScreen(): ReactNode {
  return (
    <Routes>
      <Route path=":area/*" element={<Areas />} />
      <Route path="*" element={<Areas />} />
    </Routes>
  );
}

function Areas(): ReactNode {
  const { t } = useTranslation('security');
  const navigate = useNavigate();
  const { area } = useParams();
  const content = (id: SecurityArea): ReactNode => {
    const Screen = screens[id];
    return <Suspense><Screen /></Suspense>;
  };
  return (
    <Page header={<PageHeader title={t('title')} />}>
      <Tabs label={t('tabs')} selected={securityAreas.find((known) => known === area) ?? 'score'} onSelect={(id) => void navigate(`/security/${id}`)} tabs={securityAreas.map((id) => ({ id, label: t(`area.${id}`), content: content(id) }))} />
    </Page>
  );
}
