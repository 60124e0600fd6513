import type { ReactNode } from 'react';
import { Route, Routes, useNavigate, useParams, useSearchParams } from 'react-router';
import { addTexts } from '../../../i18n/index.ts';
import { IncidentList } from './IncidentList.tsx';
import { IncidentDetail } from './IncidentDetail.tsx';
import { LeaverDesk } from './leavers/LeaverDesk.tsx';
import { NewIncident } from './NewIncident.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-incidents.json', { eager: true, import: 'default' }));

/**
 * Incidents and people who leave. `/security/incidents/new?title=…&origin=…&entry=…` opens the form for a new incident with
 * what is known already, from wherever it was noticed.
 */
export default function Incidents(): ReactNode {
  return (
    <Routes>
      <Route path="leavers/:leaver?" element={<LeaverDesk />} />
      <Route path="new" element={<><IncidentList /><Prefilled /></>} />
      <Route path=":id" element={<Chosen />} />
      <Route path="*" element={<IncidentList />} />
    </Routes>
  );
}

function Chosen(): ReactNode {
  const { id = '' } = useParams();
  return <IncidentDetail key={id} id={id} />;
}

function Prefilled(): ReactNode {
  const navigate = useNavigate();
  const [given] = useSearchParams();
  const entry = given.get('entry');
  return <NewIncident title={given.get('title') ?? ''} origin={given.get('origin')} entry={entry !== null && /^\d{1,9}$/.test(entry) ? Number(entry) : null} onClose={(id) => void navigate(id === null ? '/security/incidents' : `/security/incidents/${id}`, { replace: true })} />;
}
