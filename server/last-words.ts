const withinMs = 3_000;

/** The last words to a database that may be away: without an answer the leases run out by themselves. */
export async function inTime(
  work: Promise<void>,
  broken: (error: unknown, doing: string) => void,
  doing: string,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([work.catch((error: unknown) => broken(error, doing)), late]);
  clearTimeout(timer);
}
