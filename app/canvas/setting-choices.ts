import type { NodeSettings } from '../../flow/document/workflow.ts';

/** What a node may do when it fails. */
export const onError = [
  { value: 'stop', title: 'Stop the run' },
  { value: 'port', title: 'Continue by the error output' },
  { value: 'ignore', title: 'Ignore the error' },
] as const;

/** What becomes of a step of which nobody knows whether it was done. */
export const inDoubt = [
  { value: 'ask', title: 'Wait for a decision' },
  { value: 'verify', title: 'Check with the service' },
  { value: 'retry', title: 'Run it again' },
  { value: 'assume-done', title: 'Treat it as done' },
  { value: 'fail', title: 'Treat it as failed' },
] as const;

/** The choices of a node's settings, by the setting. */
export const settingChoices: Readonly<Record<string, readonly { readonly value: string; readonly title: string }[]>> = {
  onError,
  inDoubt,
};

/** What any node can be set to, as the tab Settings and the list of changes call it; a new setting must be named here too. */
export const settingTitles: Readonly<Record<keyof NodeSettings, string>> = {
  disabled: 'Disabled',
  onError: 'On error',
  retry: 'Retries',
  timeout: 'Timeout',
  runOnEmpty: 'Run when no items come in',
  lane: 'Lane',
  inDoubt: 'If the result is unknown',
  concurrency: 'At a time',
};

/** The wait of a retry, which has a field of its own. */
export const waitTitle = 'Wait between tries';

/** What the key of a node is called wherever people read of it. */
export const keyTitle = 'Name in expressions';
