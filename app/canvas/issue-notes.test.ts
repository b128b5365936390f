import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { DeskContext } from './desk-context.tsx';
import { IssueNotes } from './issue-notes.tsx';
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
