import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Runs a program in our place: its input and output are ours, signals to us go to it, and its end is given as an exit code (128 + n for a
 * signal, as shells say it).
 *
 * npm and its shell, above us, may be killed without passing that on: with `underNpm`, the program is told to stop when either is gone. Only
 * for commands that npm started, which has no reason to go first.
 */
export function runOn(program, args, options = {}) {
  const { underNpm = false, ...others } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...others });
    const pass = (signal) => child.kill(signal);
    // A terminal sends its Ctrl-C to the child as well: passing it on would make it two.
    const passInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    process.on('SIGTERM', pass);
    process.on('SIGHUP', pass);
    process.on('SIGINT', passInterrupt);
    const above = ancestors();
    const watch = underNpm && setInterval(() => ancestors() !== above && child.kill('SIGTERM'), 500);
    const done = () => {
      if (watch) clearInterval(watch);
      process.off('SIGTERM', pass);
      process.off('SIGHUP', pass);
      process.off('SIGINT', passInterrupt);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Our parent and its parent: npm's shell and npm, or npm and whatever started it. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(parent); // not Linux
  }
}

/** Whether a process has this pid. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
