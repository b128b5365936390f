import type { Manifest, NodePowers } from '../../flow/check/manifest.ts';
import type { Power } from '../../flow/document/powers.ts';
import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { hostRule } from '../wire/host-rule.ts';

/** What publishing granted to the nodes of one version (E31). What a node was not granted is the fault `power.denied`, known not done. */
export interface Grant {
  /**
   * The credentials whose secrets may be told to its runs: those that the manifest names; any where an expression names one, or where the runs of
   * other workflows belong to its own.
   */
  readonly credentials: readonly string[] | 'any';
  /** Throws unless the node was granted the power; `what` is the workflow that it calls. */
  power(node: string, power: Power, what?: string): void;
  credential(node: string, name: string): void;
  /** Why the node may not call an address; undefined when it may. */
  refusal(node: string, url: URL): string | undefined;
  /** Whether a redirect of a GET or HEAD may lead the node to another public host. */
  mayBeLed(node: string): boolean;
}

/** Stands where an expression decides. */
const any = '*';

/** The grant of a manifest; asking it costs a look into a map. */
export function grantOf(manifest: Manifest): Grant {
  const nodes = new Map(manifest.nodes.map((node) => [node.node, { ...node, hosts: node.hosts.map(hostRule) }]));
  const written = new Map(manifest.nodes.map((node) => [node.node, node]));
  return {
    credentials:
      manifest.credentials.includes(any) || manifest.powers.includes('workflow') ? 'any' : manifest.credentials,
    power: (key, power, what) => {
      const node = nodes.get(key);
      if (!node?.powers.includes(power)) throw denied(`This node was not granted the power ${power}.`);
      if (what !== undefined && !isGranted(node.workflows, what))
        throw denied(`This node was not granted to run the workflow ${quote(what)}.`);
    },
    credential: (key, name) => {
      if (!isGranted(nodes.get(key)?.credentials ?? [], name))
        throw denied(`This node was not granted the connection ${quote(name)}.`);
    },
    refusal: (key, url) => {
      const hosts = nodes.get(key)?.hosts ?? [];
      return hosts.some((rule) => rule(url)) ? undefined : hostWords(url, written.get(key));
    },
    mayBeLed: (key) => written.get(key)?.leads === true,
  };
}

const isGranted = (granted: readonly string[], name: string) => granted.includes(name) || granted.includes(any);

const hostWords = (url: URL, node: NodePowers | undefined) => {
  const hosts = node?.hosts ?? [];
  const granted = hosts.length === 0 ? 'no host' : hosts.slice(0, 5).join(', ');
  return `This node may not call ${quote(url.host)}: publishing granted it ${granted}.`;
};

const denied = (message: string) =>
  new Fault('power.denied', message, {
    mend: 'Publish the workflow again: a version is granted what its nodes ask for when it is published.',
    done: 'no',
  });
