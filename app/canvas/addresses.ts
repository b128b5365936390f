import type { Node } from '../../flow/document/workflow.ts';

/** Whether a node is called at an address of its own. */
export const hasAddress = ({ type }: Node): boolean => type === 'start.webhook' || type === 'start.form';
