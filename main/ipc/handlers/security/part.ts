import { securityCentreCalls } from '../../../../shared/ipc/calls/security/index.ts';
import type { CallPart } from '../../dispatcher.ts';
import { securityCentreHandlers } from './index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** The security centre's calls with their schemas: read as one, with the first of them. */
export const securityCentrePart = (ports: SecurityHandlerPorts): CallPart => ({ calls: securityCentreCalls, handlers: securityCentreHandlers(ports) });
