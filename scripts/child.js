import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program in our place: its input and output are ours, signals to us go to it, and its end is given as an exit code (128 + n for a
 * signal, as shells say it).
 *
 * Someone above us may have been killed without passing it on (npm and sh do that): with `leash`, the child is told to stop when our parent is
 * gone. Only for commands that npm started, where the parent is npm's own shell and has no reason to go first.
 */
export function runOn(program, args, options = {}) {
  const { leash = false, ...others } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...others });
    const pass = (signal) => child.kill(signal);
    // A terminal sends its Ctrl-C to the child as well: passing it on would make it two.
    const passInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    process.on('SIGTERM', pass);
    process.on('SIGHUP', pass);
    process.on('SIGINT', passInterrupt);
    const parent = process.ppid;
    const watch = leash && setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500);
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

/** Whether a process has this pid. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
