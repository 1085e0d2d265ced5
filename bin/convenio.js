#!/usr/bin/env node
// The program `convenio`: runs the command line from its TypeScript sources.
import process from 'node:process';
import { register } from 'tsx/esm/api';

// React renders several times faster without its development checks.
process.env['NODE_ENV'] ??= process.argv.includes('--dev') ? 'development' : 'production';

register();
const { run } = await import('../jobs/command-line.ts');
process.exitCode = await run(process.argv.slice(2));
