import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../shared/security/evidence.ts';
import { lineOfPoint } from './overview.ts';

const now = 1000;
const claim = (origin: string, outcome: Evidence['outcome'], at: number): Evidence => ({ point: 'secretRotation.inTime', origin, outcome, source: 'claimed', at, expiresAt: null, messageKey: 'x.y', params: {}, by: null, link: null });

describe('a line of the overview', () => {
  it('says what the score counts: of two claims the worse, not the newer', async () => {
    const line = lineOfPoint('secrets', 'secrets', 'secretRotation.inTime', async () => [claim('secrets.inventory', 'partly', 1), claim('server.summary', 'met', 900)], () => now);
    expect(await line()).toMatchObject({ tone: 'warning', text: 'security.secrets.denied' });
  });
});
