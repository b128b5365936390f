// Loaded first into every process that a script of ours runs in its place (see child.js): if that script is killed outright, so are we. A caller
// who kills what it started means us.
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
