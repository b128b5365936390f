import { parseDuration } from '../../flow/document/duration.ts';

/** Why a text is no duration for a setting, which need not be filled in; of a time-out, 0 leaves no time for anything. */
export function durationTrouble(text: string, least = 0) {
  const millis = text.trim() === '' ? Infinity : parseDuration(text);
  if (millis !== undefined && millis >= least) return undefined;
  return {
    code: 'not-a-duration',
    message: millis === undefined ? `“${text}” is not a duration.` : `“${text}” leaves no time.`,
    mend: 'Enter a number with its unit: 250ms, 30s, 5m, 2h or 1d.',
  };
}
