/** What to do instead, in one sentence. */
const http = "Put an HTTP request node before this one and read its output from $json or $('key').";
const luxon = 'DateTime, Duration, Interval and luxon are there without it: DateTime.now().';
const plain = 'Use plain JavaScript: lists have map, filter, toSorted, reduce, and Object.groupBy makes groups.';
const files = 'Code reaches no files. Put a file node before this one and read its output.';
const variables = 'Put the value into the workspace variables and write $vars.NAME.';
const memory =
  'Nothing is kept in code between runs. Use a node that remembers, such as Only new items, or a database.';
const none = 'Code nodes have no modules. Write what is needed into the code, or use a node for it.';
const browser = 'Code runs on the server, without a page. Return the data and show it elsewhere.';

/** What to use instead of a module that `require` or `import` asks for. */
const modules: Readonly<Record<string, string>> = {
  luxon,
  moment: luxon,
  'moment-timezone': luxon,
  dayjs: luxon,
  'date-fns': luxon,
  buffer: 'Buffer is there without it: Buffer.from(text).toString("base64").',
  crypto: 'crypto is there without it: crypto.createHash, createHmac, randomUUID, randomBytes and crypto.subtle.',
  'crypto-js': 'crypto is there without it: crypto.createHmac("sha256", key).update(text).digest("hex").',
  uuid: 'Write crypto.randomUUID().',
  nanoid: 'Write crypto.randomUUID().',
  url: 'URL and URLSearchParams are there without it.',
  querystring: 'URLSearchParams is there without it.',
  qs: 'URLSearchParams is there without it.',
  util: 'TextEncoder, TextDecoder, structuredClone and console are there without it.',
  jmespath: 'Write $jmespath(data, "expression").',
  lodash: plain,
  underscore: plain,
  ramda: plain,
  axios: http,
  got: http,
  'node-fetch': http,
  undici: http,
  request: http,
  'request-promise': http,
  http,
  https: http,
  fs: files,
  'fs/promises': files,
  path: files,
  process: variables,
  dotenv: variables,
};

/** Names that code of other systems uses and code nodes do not have, with what to use instead. */
export const absent: ReadonlyMap<string, string> = new Map([
  ['require', none],
  ['import', none],
  ['module', none],
  ['exports', none],
  ['fetch', http],
  ['axios', http],
  ['XMLHttpRequest', http],
  ['WebSocket', http],
  ['EventSource', http],
  ['$http', http],
  ['$request', http],
  ['$helpers', http],
  ['this.helpers', http],
  ['process', variables],
  ['$env', variables],
  ['$secrets', 'Code sees no secrets. Let a node with a connection call the service.'],
  ['$credentials', 'Code sees no secrets. Let a node with a connection call the service.'],
  ['$getWorkflowStaticData', memory],
  ['getWorkflowStaticData', memory],
  ['$prevNode', "Name the node: $('key')."],
  ['$getPairedItem', "Write $('key').item."],
  ['$parameter', 'Write the value into the code, or let a node before this one give it.'],
  ['$getNodeParameter', 'Write the value into the code, or let a node before this one give it.'],
  ['$evaluateExpression', 'Write the expression as JavaScript.'],
  ['$fromAI', 'Use it in an expression of a node that is a tool.'],
  ['$binary', 'Code sees no files. Use a file node before this one and read its output.'],
  ['moment', luxon],
  ['dayjs', luxon],
  ['_', plain],
  ['lodash', plain],
  ['CryptoJS', 'Write crypto.createHmac("sha256", key).update(text).digest("hex").'],
  ['uuid', 'Write crypto.randomUUID().'],
  ['uuidv4', 'Write crypto.randomUUID().'],
  ['__dirname', files],
  ['__filename', files],
  ['window', browser],
  ['document', browser],
  ['localStorage', memory],
  ['sessionStorage', memory],
  ['alert', 'Write console.log: the lines are in the log of the step.'],
  ['WebAssembly', none],
  ['Worker', none],
  ['performance', 'Write Date.now(): the clock stands still while code runs, so that a repeat sees the same.'],
]);

/** What code can use instead of a name that it does not have; undefined for names that nobody expects. */
export function instead(name: string, module?: string): string | undefined {
  if (module !== undefined && (name === 'require' || name === 'import'))
    return Object.hasOwn(modules, module) ? modules[module] : none;
  return absent.get(name);
}
