#!/usr/bin/env node
import { ClienteleError } from '../errors.ts';
import { readArguments, USAGE } from './arguments.ts';
import { execute } from './commands.ts';

try {
  const args = readArguments(process.argv.slice(2));
  process.stdout.write(`${args === null ? USAGE : await execute(args)}\n`);
} catch (error) {
  if (!(error instanceof ClienteleError)) throw error;
  process.stderr.write(`clientele: ${error.message} [${error.code}]\n`);
  process.exitCode = 2;
}
