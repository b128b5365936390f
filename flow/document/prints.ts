import { fingerprint, publishedPrint } from './fingerprint.ts';
import type { Workflow } from './workflow.ts';

/** What a document means, which tells versions apart, a dot, and what publishing it brings; as they are stored with drafts and, after their plan's, versions. */
export const printsOf = (document: Workflow): string => `${fingerprint(document)}.${publishedPrint(document)}`;

/** Whether two stored prints of versions are of one plan and one meaning: titles do not make another version. */
export const isOneVersion = (one: string, other: string): boolean => meaningOf(one) === meaningOf(other);

const meaningOf = (print: string): string => print.split('.').slice(0, 2).join('.');
