import type { ServerResponse } from 'node:http';
import { Refusal } from '../http/refusal.ts';
import { FormParams } from '../triggers/describe.ts';
import type { ServeRaw } from './annex.ts';
import { addressOf } from './address.ts';
import { formAnswer, html, readSent, refused } from './forms.ts';
import { formPage, sentencePage } from './form-page.ts';
import { keepCall, listenerAt, nameOnly, startedWith } from './serve-test-call.ts';
import type { TestCallServer } from './serve-test-call.ts';
import { writeAnswer } from './write-reply.ts';
import type { Written } from './write-reply.ts';

/**
 * Serves `/test-forms/<token>/<path>`: the form of a draft while somebody listens to it in the editor, as it will be once it is live. What is sent
 * is kept for the one who listens and starts nothing by itself; where they said that the draft will run with it, it is answered by that run. Once. Never rejects.
 */
export function testFormServer(server: TestCallServer): ServeRaw {
  return async (request, response) => {
    const isHead = request.method === 'HEAD';
    try {
      writeAnswer(response, await take(server, response), isHead);
    } catch (error) {
      writeAnswer(response, refused(server, error), isHead);
    }
  };
}

async function take(server: TestCallServer, response: ServerResponse): Promise<Written> {
  const { req: request } = response;
  const address = addressOf(request.url ?? '', '/test-forms/');
  const row = address && (await listenerAt(server.sql, address));
  // The address of a webhook is none of a form.
  const read = FormParams.safeParse(row?.params);
  if (!row || !read.success)
    throw new Refusal(404, 'not-found', 'Nobody tests this form now.', {
      mend: 'Press “Test the form” in the editor for a new URL.',
    });
  const params = read.data;
  if (request.method === 'GET' || request.method === 'HEAD') return html(200, formPage(params));
  if (request.method !== 'POST')
    throw new Refusal(405, 'method', 'A form is read and sent.', { headers: { allow: 'GET, HEAD, POST' } });
  const sent = await readSent(
    params,
    request,
    {
      ...server.bodies,
      sender: { workspace: row.workspace, door: row.id, address: server.sentFrom(request) },
    },
    nameOnly,
  );
  if ('again' in sent) return sent.again;
  const { awaits } = await keepCall(server.sql, row.id, sent.item);
  const run = awaits ? await startedWith(server.sql, row.id) : undefined;
  if (run === undefined)
    return html(
      200,
      sentencePage(params.title, awaits ? 'The draft did not run with it.' : 'What you sent is in the editor now.'),
    );
  const { workspace, plan } = await server.engine.actor(run);
  return formAnswer(server, params, { workspace, plan, response }, { is: 'duplicate', run });
}
