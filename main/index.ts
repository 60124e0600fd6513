import { app, dialog } from 'electron';
import { run } from './electron/run.ts';
import { refusedSwitches } from './electron/switches.ts';

// Law 13: whoever can start an installed app must not be able to look into it.
const refused = app.isPackaged ? refusedSwitches(process.argv) : [];
if (refused.length > 0) {
  process.stderr.write(`VALEO NeuroERP Admin: ${refused.map((name) => `--${name}`).join(', ')} is not allowed.\n`);
  app.exit(64);
} else {
  app.setName('VALEO NeuroERP Admin');
  // Forced for every renderer there may ever be. A process of root cannot have the OS sandbox and says so by the switch.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // The last net: an error before there is a window must still end in a sentence, not in silence.
  process.on('uncaughtException', (error) => {
    dialog.showErrorBox('VALEO NeuroERP Admin', `Die Anwendung kann nicht weiterarbeiten. / The application cannot continue.\n\n${error.name}: ${error.message}`);
    app.exit(70);
  });
  run(__dirname);
}
