// Loaded first into every process that a script of ours runs in its place (see child.js): if that script is killed outright, so are we. A caller
// who kills what it started means us.
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// Only we are held by it: what we fork has a channel of its own, to us, and lives by its own rules.
const at = process.execArgv.indexOf('--import');
if (at >= 0) process.execArgv.splice(at, 2);
