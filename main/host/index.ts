import { serve } from './server.ts';
import { connectParent } from './transport.ts';

// The data host: a process of its own, so that neither a slow query nor a crash of the database ever touches the window.
serve(connectParent());
