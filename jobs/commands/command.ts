// What a command of the command line is.
import type { Environment } from '../environment.ts';

export interface CommandInput {
  environment: Environment;
  /** What was written after the command's name, without the options. */
  words: string[];
  options: Record<string, string | boolean | string[]>;
  /** One line of result, on the standard output. */
  print: (line: string) => void;
  /** Part of a result as it is, on the standard output. */
  writeBytes: (bytes: Uint8Array | string) => Promise<void>;
  /** One line of comment, on the error output. */
  log: (line: string) => void;
}

/** Does the command's work and returns the exit code. */
export type Command = (input: CommandInput) => Promise<number>;

/** A command was called wrongly: its message says in Spanish which word is at fault. */
export class UsageError extends Error {}

/** The text of an option, or undefined when it was not given. */
export function textOption({ options }: CommandInput, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
