// Owns what can be learnt about another process of this machine, so that a dead or reused pid is never taken for a live one.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const onLinux = process.platform === 'linux';

/** The `code` of a system error (`ENOENT`) or of a PostgreSQL one (`57P03`); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * What tells the process that now has this pid from another that had it before: on Linux its start time in
 * clock ticks since boot (proc_pid_stat(5), field 22), elsewhere the constant `alive`. Undefined when there
 * is no such process or only its zombie is left.
 */
export function processMark(pid: number): string | undefined {
  try {
    if (!onLinux) {
      process.kill(pid, 0);
      return 'alive';
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    if (code === 'EPERM') return 'alive';
    throw error;
  }
}

/**
 * The pids of the live postgres processes that work on `cluster` (its real path). On Linux these are all of
 * them, also those that outlive a killed postmaster; elsewhere at most `recordedPid`, the one in
 * postmaster.pid, which counts until ESRCH proves its death.
 */
export function clusterProcesses(cluster: string, recordedPid: number | undefined): number[] {
  const candidates = onLinux
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : recordedPid === undefined
      ? []
      : [recordedPid];
  return candidates.filter((pid) => processMark(pid) !== undefined && (!onLinux || worksOn(pid, cluster)));
}

function worksOn(pid: number, cluster: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch (error) {
    // A root without CAP_SYS_PTRACE, the rule in containers, may not read the cwd of another account's process.
    if (errorCode(error) === 'EACCES') return commandLine(pid).includes(cluster);
    return false;
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Asks `condition` again and again until it holds; false when it did not within `milliseconds`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(20);
  }
  return true;
}
