#!/usr/bin/env node
// The program `convenio`: runs the command line from its TypeScript sources.
import process from 'node:process';
import { register } from 'tsx/esm/api';

register();
const { run } = await import('../jobs/command-line.ts');
process.exitCode = await run(process.argv.slice(2));
