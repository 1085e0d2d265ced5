// Evidence through the running web, kept in a bucket of a real S3 server.
import { evidenceSuite } from '../support/evidence-suite.ts';

evidenceSuite('bucket');
