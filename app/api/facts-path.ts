/** Where a run stands in the API. */
export const runPath = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;

/** Where a stretch of its facts is read: those after a seq. */
export const factsPath = (id: string, after: number) => `${runPath(id)}/facts?after=${after}`;
