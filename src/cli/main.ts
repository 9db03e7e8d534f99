#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { ClienteleError } from '../errors.ts';
import { readArguments, USAGE } from './arguments.ts';
import { execute, type Outcome } from './commands.ts';

try {
  const args = readArguments(process.argv.slice(2));
  const { printed, complaint } = await outcomeOf(args);
  process.stdout.write(`${printed}\n`);
  if (complaint !== undefined) {
    process.stderr.write(`clientele: --strict: ${complaint}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof ClienteleError)) throw error;
  process.stderr.write(`clientele: ${error.message} [${error.code}]\n`);
  process.exitCode = 2;
}

async function outcomeOf(args: ReturnType<typeof readArguments>): Promise<Outcome> {
  if (args === 'help') return { printed: USAGE };
  return args === 'version' ? { printed: await version() } : execute(args);
}

/** The package's, whose file lies two folders up from this one, in the sources as in what is built from them. */
async function version(): Promise<string> {
  return JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
