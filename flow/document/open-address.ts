/** Whether a path is one of those that are open to the world: what people's workflows answer, and the ways to them. */
export const isOpenAddress = (path: string): boolean =>
  /^\/(hooks|forms|resume|test-hooks|test-forms)(\/|$)/.test(path);
