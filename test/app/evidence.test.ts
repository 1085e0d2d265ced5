// Evidence through the running web, kept in a folder.
import { evidenceSuite } from '../support/evidence-suite.ts';

evidenceSuite('folder');
