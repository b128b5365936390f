import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Router } from 'wouter';
import { draw } from '../../flow/testing/draw.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { DeskContext } from './desk-context.tsx';
import { openEditor } from './editor-state.ts';
import { IssueNotes } from './issue-notes.tsx';
import { inTheWay, PublishNotes, publishWords } from './publish-notes.tsx';
import { known } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';

test('a warning is said where one publishes, by the name of its node: nothing on the canvas says it', () => {
  const { desk } = deskOver(draw('hook:start.webhook -> answer:control.respond'));
  const issues = Array.from({ length: 10 }, (_, n): Issue => {
    const message = `answer is never used (${n}).`;
    return { level: 'warning', code: 'respond-unheard', where: { node: 'answer' }, message, mend: 'Set Respond.' };
  });
  const notes = createElement(IssueNotes, { issues, state: 'doubt', close: () => undefined });
  const drawn = renderToStaticMarkup(createElement(DeskContext, { value: desk }, notes));
  expect(drawn).toContain('<b>Respond:</b> answer is never used (0). Set Respond.');
  expect(drawn.match(/<button/g)).toHaveLength(8);
  expect(drawn).toContain('And 2 more.');
});

test('publishing with a path that another workflow has promised its URL and was offered: it says once whose it is, and no more', () => {
  const document = draw('hook:start.webhook', { hook: { params: { path: 'orders' } } });
  const { desk } = deskOver(document);
  const taken: Issue = {
    level: 'warning',
    code: 'path-taken',
    where: { node: 'hook', param: 'path' },
    message: 'The workflow “Orders” listens on the path “orders”.',
    mend: 'Enter another path, or turn that workflow off before you publish this one.',
  };
  const bases = { hooks: 'http://localhost/hooks/main', forms: 'http://localhost/forms/main' };
  const refused = { message: 'The path orders belongs to another workflow. Choose another path.', workflow: 'wf_1' };
  const draws = (issues: Issue[], why?: typeof refused) => {
    const store = openEditor({ id: 'w', revision: 1, document, issues, bases }, known);
    const notes = createElement(PublishNotes, { changes: undefined, refused: why, close: () => undefined });
    const asking = createElement(QueryClientProvider, { client: new QueryClient() }, notes);
    const there = createElement(Router, { ssrPath: '/', children: asking });
    return renderToStaticMarkup(createElement(DeskContext, { value: { ...desk, store } }, there));
  };
  expect(inTheWay([taken])).toEqual([taken]);
  for (const html of [draws([taken]), draws([taken], refused)]) {
    expect(html.match(/note-bar/g)).toHaveLength(1);
    expect(html).toContain('Enter another path, or turn that workflow off before you publish this one.');
    expect(html).not.toContain('/hooks/main/orders');
  }
  // Taken meanwhile, and the list of workflows does not say so yet.
  expect(draws([], refused)).toContain('The path orders belongs to another workflow.');
  expect(draws([])).toContain('/hooks/main/orders');
});

test('nothing is promised of publishing while something keeps it from being done: “From then on its triggers listen” stood over its errors', () => {
  expect(publishWords(false, true)).toBe('Fix what is listed first. Until then it is a draft.');
  expect(publishWords(true, true)).toBe('Fix what is listed first. What is live stays as it is.');
  expect(publishWords(false, false)).toContain('From then on its triggers listen');
});
