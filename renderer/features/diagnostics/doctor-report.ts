import type { DoctorReport, DoctorStep } from '../../../shared/domain/keychain.ts';

export type ReportWords = {
  title: string;
  state: string;
  stateName: string;
  step: (id: DoctorStep['id']) => string;
  status: (status: DoctorStep['status']) => string;
  cause: (cause: string) => string;
};

/** The doctor's findings as plain text for support: names and codes, nothing that was read from the keychain. */
export function doctorReport({ state, steps }: DoctorReport, app: { version: string; platform: string } | null, words: ReportWords): string {
  return [
    words.title,
    ...(app === null ? [] : [`VALEO NeuroERP Admin ${app.version} · ${app.platform}`]),
    `${words.state}: ${words.stateName} (${state})`,
    ...steps.map(({ id, status, cause }, index) => `${index + 1}. ${words.step(id)}: ${words.status(status)}${cause === null ? '' : ` – ${words.cause(cause)} (${cause})`}`),
  ].join('\n');
}
