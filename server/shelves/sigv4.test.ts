import { expect, test } from 'vitest';
import { amzDate, authorization, encodePart, sha256 } from './sigv4.ts';

const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const signer = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey, region: 'us-east-1', service: 's3' };
const host = 'examplebucket.s3.amazonaws.com';
const time = '20130524T000000Z';

/** The examples of "Signature Calculations for the Authorization Header" in the S3 API reference. */
test.for([
  ['GET', '/test.txt', { range: 'bytes=0-9' }, '', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [
    'PUT',
    '/test%24file.text',
    { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    'Welcome to Amazon S3.',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  ['GET', '/?lifecycle', {}, '', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '/?max-keys=2&prefix=J', {}, '', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
] as const)('%s %s is signed as AWS publishes it', ([method, target, more, body, signature]) => {
  const bodyHash = sha256(body);
  const headers = { host, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time, ...more };
  const signed = authorization(signer, { method, url: new URL(`https://${host}${target}`), headers, bodyHash });
  expect(signed.split('Signature=')[1]).toBe(signature);
  expect(signed).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=');
});

/** `get-vanilla` and `get-header-value-trim` of AWS's Signature Version 4 test suite. */
test.for([
  [{}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
] as const)('of the test suite: %j', ([more, signature]) => {
  const suite = {
    accessKey: 'AKIDEXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    service: 'service',
  };
  const headers = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z', ...more };
  const url = new URL('https://example.amazonaws.com/');
  const signed = authorization(suite, { method: 'GET', url, headers, bodyHash: sha256('') });
  expect(signed.split('Signature=')[1]).toBe(signature);
});

test('times and names are written as AWS writes them', () => {
  expect(amzDate(Date.UTC(2013, 4, 24))).toBe(time);
  expect(encodePart("a b/c*(d)'é!~")).toBe('a%20b%2Fc%2A%28d%29%27%C3%A9%21~');
});
