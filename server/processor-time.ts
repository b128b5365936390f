/** Milliseconds of processor that this thread has had: that a busy machine gave it none does not count. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
