import type { FilePorts } from '../../../files/ports.ts';
import type { PaperPorts } from '../../../documents/paper/ports.ts';
import type { SecurityCentre } from '../../../security/index.ts';

/** What the handlers of the security centre are given. */
export type SecurityHandlerPorts = {
  /** The services of whoever is signed in. @throws AppFailure session.required */
  security: () => Promise<SecurityCentre>;
  files: FilePorts;
  paper: PaperPorts;
};
