import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What the provider says of the person who logs in. */
export interface Claims {
  sub: string;
  email: string;
  name?: string;
  email_verified?: boolean;
}

/** An OpenID provider on loopback, as strict as real ones: code flow with PKCE, signed id tokens, single-use codes. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly host: string;
  /** Who logs in next, and what is wrong with their token. */
  person: Claims;
  flaw: 'none' | 'other-key' | 'other-audience' | 'other-issuer' | 'expired';
  /** Follows an authorization address as a browser would; gives where the provider sends the browser. */
  visit(url: string): Promise<URL>;
  readonly requests: string[];
}

export const client = { id: 'heddle', secret: 'CANARY_client_secret' } as const;

export async function openIdentityProvider(): Promise<IdentityProvider> {
  const [keys, strange] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, { challenge: string; claims: Claims }>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', async () => {
      requests.push(`${request.method} ${request.url}`);
      const answer = await reply(request.url ?? '/', body, request.headers.authorization);
      response
        .writeHead(answer ? 200 : 400, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const issuer = `http://${host}`;

  const reply = async (url: string, body: string, authorization: string | undefined) => {
    if (url === '/.well-known/openid-configuration') {
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      };
    }
    if (url === '/keys') return { keys: [jwk] };
    if (url !== '/token') return undefined;
    const asked = new URLSearchParams(body);
    const code = codes.get(asked.get('code') ?? '');
    codes.delete(asked.get('code') ?? '');
    const verifier = new TextEncoder().encode(asked.get('code_verifier') ?? '');
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', verifier)).toString('base64url');
    const isClient = authorization === `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
    if (!code || code.challenge !== digest || !isClient) return undefined;
    return { access_token: 'at', token_type: 'Bearer', id_token: await sign(code.claims) };
  };

  const sign = (claims: Claims) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(provider.flaw === 'other-issuer' ? 'http://evil.example' : issuer)
      .setAudience(provider.flaw === 'other-audience' ? 'another' : client.id)
      .setIssuedAt(provider.flaw === 'expired' ? '-2h' : undefined)
      .setExpirationTime(provider.flaw === 'expired' ? '-1h' : '5m')
      .sign(provider.flaw === 'other-key' ? strange.privateKey : keys.privateKey);

  const provider: IdentityProvider = {
    issuer,
    host,
    requests,
    person: { sub: 's1', email: 'petra@example.com', name: 'Petra', email_verified: true },
    flaw: 'none',
    visit: async (address) => {
      const url = new URL(address);
      const code = crypto.randomUUID();
      codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', claims: provider.person });
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString();
      return back;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
