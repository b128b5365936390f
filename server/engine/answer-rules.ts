import { anyHost, hostOf } from '../../flow/check/manifest.ts';
import type { PlanNode } from '../../flow/compile/plan.ts';
import { sentType, whyUnsent } from '../../flow/document/answer-headers.ts';
import { isObject } from '../../flow/document/json.ts';
import { isOpenAddress } from '../../flow/document/open-address.ts';
import { quote } from '../../flow/document/quote.ts';
import type { Reply } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { hostRule } from '../wire/host-rule.ts';

/** Where answers of workflows stand. */
export interface AnswerPlace {
  /** Origins under which webhooks, forms and links answer: `https://heddle.example.com`. */
  readonly origins: readonly string[];
  /** Whether that address is theirs alone (`HEDDLE_HOOKS_URL`), so that cookies may be set there. */
  readonly hasOwnAddress: boolean;
  /** Where the API is, from there: nothing while they share an address. */
  readonly api: string;
}

/** What a run's answer may not do is said here, where its author sees it: headers that are not sent as lines of the log, a redirect to anywhere as a fault. */
export function checkReply(node: PlanNode, reply: Reply, place: AnswerPlace, warn: (text: string) => void): void {
  for (const [name, value] of Object.entries(reply.headers)) {
    const why = whyUnsent(name, value, place.hasOwnAddress);
    if (why !== undefined) warn(`The header ${name} is not sent: ${why}.`);
    else if (name === 'content-type' && sentType(value, place.hasOwnAddress) !== value)
      warn(`It is not sent as ${value}: Heddle’s screens share this address, and could be made to run it.`);
  }
  const location = Object.entries(reply.headers).find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location !== undefined) refuseStray(node, location, place);
}

/** Where answers stand: at an address of their own, or at the one of the screens and the API. */
export const answerPlace = ({ url, hooksUrl }: { url: string; hooksUrl: string | undefined }): AnswerPlace =>
  hooksUrl === undefined
    ? { origins: [new URL(url).origin], hasOwnAddress: false, api: '' }
    : { origins: [hooksUrl], hasOwnAddress: true, api: url };

/** Of an engine that nobody calls from outside. */
export const noAddress: AnswerPlace = { origins: [], hasOwnAddress: false, api: '' };

/** The shortest address that an answer can have: what leaves it by `..` leaves every other one, too. */
const nowhere = 'https://answers.invalid';
const shortest = `${nowhere}/hooks/w/p`;

/**
 * A redirect leads to a host that the node's params name, or to a webhook, form or link of ours: one whose host an expression decides would
 * lead anybody's readers anywhere, under the name of this server. The address is read as browsers read it.
 */
function refuseStray(node: PlanNode, location: string, { origins }: AnswerPlace): void {
  const url = URL.parse(location, shortest);
  // `https:name` is a host or a path, by the scheme of the page that it stands on.
  const isLoose =
    /[\t\r\n]/.test(location) || (/^\s*[a-z][a-z\d+.-]*:/i.test(location) && !/^https?:\/\//i.test(location));
  if (isLoose || !url || !/^https?:$/.test(url.protocol))
    throw stray(`${quote(location)} is no address of http or https.`);
  if (url.username !== '' || url.password !== '') throw stray('The address to redirect to has a user name in it.');
  const written = writtenLocations(node);
  if (url.origin === nowhere || origins.includes(url.origin)) {
    if (isPlaceOfOurs(url) || written.some((text) => isWrittenPath(text, url))) return;
    if (url.origin === nowhere)
      throw stray(`An expression leads to ${quote(url.pathname)}, which is no webhook, form or link.`);
  }
  const hosts = [...written.map(hostOf).filter((host) => host !== anyHost), ...listedHosts(node)];
  if (!hosts.some((host) => hostRule(host)(url)))
    throw stray(`This node may not redirect to ${quote(url.host)}, which an expression decided.`);
}

/** Whether it leads to a webhook, form or link: to something below the doors, and not to one itself. */
const isPlaceOfOurs = ({ pathname }: URL): boolean => isOpenAddress(pathname) && pathname.includes('/', 1);

/** The addresses as the author wrote them, with their expressions. */
function writtenLocations({ params }: PlanNode): string[] {
  const headers = isObject(params['headers']) ? Object.entries(params['headers']) : [];
  const given = headers.filter(([name]) => name.toLowerCase() === 'location').map(([, value]) => value);
  return [params['value'], ...given].filter((text) => typeof text === 'string');
}

/** Whether the author wrote this very path; an expression may come behind its `?` or `#`. */
function isWrittenPath(text: string, url: URL): boolean {
  const path = /^\s*([^?#]*)/.exec(text)?.[1]?.trim() ?? '';
  return path !== '' && !path.includes('{{') && URL.parse(path, shortest)?.pathname === url.pathname;
}

function listedHosts({ params }: PlanNode): string[] {
  const hosts: unknown = params['hosts'];
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string' && !host.includes('{{')) : [];
}

const stray = (message: string): Fault =>
  new Fault('power.denied', message, {
    mend: 'Write the host into the address, or list it under “Hosts to redirect to” and publish again.',
    done: 'no',
  });
