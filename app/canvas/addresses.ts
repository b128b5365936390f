import type { Issue, Node } from '../../flow/document/workflow.ts';

/** Whether a node is called at an address of its own. */
export const hasAddress = ({ type }: Node): boolean => type === 'start.webhook' || type === 'start.form';

/** Where a node of the draft would be called once it is published; nothing while it has no path, or one that cannot be used. */
export function draftedUrl(
  { key, type, params }: Node,
  bases: { hooks: string; forms: string } | undefined,
  issues: readonly Issue[],
): string | undefined {
  const path = params?.['path'];
  if (!bases || typeof path !== 'string' || path === '') return undefined;
  if (issues.some(({ code, where }) => code === 'param-invalid' && where.node === key && where.param === 'path'))
    return undefined;
  return `${type === 'start.form' ? bases.forms : bases.hooks}/${path}`;
}

const methodsIn = ({ params }: Node): readonly unknown[] => {
  const methods = params?.['methods'];
  return Array.isArray(methods) && methods.length > 0 ? methods : ['POST'];
};

/** The method of the example call: the first one that the node takes. */
export function methodOf(node: Node): string {
  const [first] = methodsIn(node);
  return typeof first === 'string' ? first : 'POST';
}

/** What it takes, in words: the methods of a webhook, or that it is a form. */
export const methodsOf = (node: Node): string => (node.type === 'start.form' ? 'Form' : methodsIn(node).join(', '));
