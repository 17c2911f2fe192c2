import type { LookupAddress } from 'node:dns';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import type { EgressRequest } from '../../../functions/ports/egress.ts';
import { faultServer, WIRE_FAULTS } from '../../support/fault-server.ts';
import { type Listener, listen } from '../../support/listener.ts';
import { selfSigned } from '../../support/self-signed.ts';

const call = (url: string, more: Partial<EgressRequest> = {}): EgressRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  timeout_ms: 2_000,
  max_bytes: 64,
  ...more,
});

const answers =
  (...addresses: readonly string[]) =>
  async (): Promise<LookupAddress[]> =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('egress', () => {
  let listener: Listener;
  let tls: Listener;
  beforeEach(async () => {
    listener = await listen((request, _, response) => {
      if (request.path === '/moved') response.writeHead(302, { location: '/landed' }).end();
      else if (request.path === '/long') response.writeHead(200).end('x'.repeat(10_000));
      else if (request.path === '/broken') response.writeHead(200, { 'content-length': 50 }).write('half');
      else if (request.path !== '/silent') response.writeHead(200).end('ok');
      if (request.path === '/broken') setTimeout(() => response.destroy(), 20);
    });
    tls = await listen((_, __, response) => response.writeHead(200).end('ok'), {
      tls: selfSigned('localhost'),
    });
  });
  afterEach(() => Promise.all([listener.stop(), tls.stop()]));

  describe('where loopback is allowed (one machine)', () => {
    const egress = httpsEgress({ allowLoopback: true });

    it('takes 101 Switching Protocols for an answer, and does not wait for what may follow it', async () => {
      const peer = await faultServer();
      peer.fault = WIRE_FAULTS['switching protocols'] ?? peer.fault;
      const result = await egress.send(call(peer.url, { timeout_ms: 60_000 }));
      await peer.stop();
      expect(result).toMatchObject({ result: 'answered', status: 101, body: '' });
    });

    it('sends method, headers and body, and gives back status and text', async () => {
      const result = await egress.send(call(`http://127.0.0.1:${listener.port}/deploy`));
      expect(result).toMatchObject({ result: 'answered', status: 200, body: 'ok', truncated: false });
      expect(listener.received).toMatchObject([{ method: 'POST', path: '/deploy', body: '{"a":1}' }]);
      expect(listener.received[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': '7',
      });
    });

    it('resolves a name once and connects to the address that was checked', async () => {
      let asked = 0;
      const rebinding = httpsEgress({
        allowLoopback: true,
        resolve: async () => {
          asked += 1;
          return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
        },
      });
      const result = await rebinding.send(call(`http://gateway.example:${listener.port}/`));
      expect(result).toMatchObject({ result: 'answered', status: 200 });
      expect(asked).toBe(1);
      expect(listener.received[0]?.headers.host).toBe(`gateway.example:${listener.port}`);
    });

    it('follows no redirect', async () => {
      const result = await egress.send(call(`http://127.0.0.1:${listener.port}/moved`));
      expect(result).toMatchObject({ result: 'answered', status: 302 });
      expect(listener.received).toHaveLength(1);
    });

    it('keeps no more of the body than it was told to', async () => {
      const result = await egress.send(call(`http://127.0.0.1:${listener.port}/long`));
      expect(result).toMatchObject({ status: 200, body: 'x'.repeat(64), truncated: true });
    });

    it('knows that nothing left when the connection is refused', async () => {
      const { port } = listener;
      await listener.stop();
      const result = await egress.send(call(`http://127.0.0.1:${port}/`));
      expect(result).toEqual({ result: 'unanswered', message: 'ECONNREFUSED', late: false, sent: false });
    });

    it('counts the status of an answer whose body breaks off', async () => {
      const result = await egress.send(call(`http://127.0.0.1:${listener.port}/broken`));
      expect(result).toMatchObject({ status: 200, body: 'half', truncated: true });
    });

    it('gives up at the deadline without knowing what the peer did', async () => {
      const result = await egress.send(call(`http://127.0.0.1:${listener.port}/silent`, { timeout_ms: 150 }));
      expect(result).toEqual({ result: 'unanswered', message: 'no answer in time', late: true, sent: true });
      expect(listener.received).toHaveLength(1);
    });

    it('gives up at the deadline when the name server is silent', async () => {
      const stuck = httpsEgress({ allowLoopback: true, resolve: () => new Promise(() => {}) });
      const result = await stuck.send(call('https://gateway.example/', { timeout_ms: 50 }));
      expect(result).toEqual({ result: 'unanswered', message: 'no answer in time', late: true, sent: false });
    });

    it('does not trust a certificate that nobody vouches for', async () => {
      const result = await egress.send(call(`https://localhost:${tls.port}/`));
      expect(result).toEqual({
        result: 'unanswered',
        message: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        late: false,
        sent: false,
      });
      expect(tls.received).toEqual([]);
    });

    it('asks for the certificate of the name, not of the address it was pinned to', async () => {
      const certificate = selfSigned('gateway.example');
      const named = await listen((_, __, response) => response.writeHead(200).end('ok'), {
        tls: certificate,
      });
      const trusted = getCACertificates();
      setDefaultCACertificates([...trusted, certificate.cert]);
      try {
        const pinned = httpsEgress({ allowLoopback: true, resolve: answers('127.0.0.1') });
        expect(await pinned.send(call(`https://gateway.example:${named.port}/`))).toMatchObject({
          status: 200,
        });
        expect(await pinned.send(call(`https://other.example:${named.port}/`))).toEqual({
          result: 'unanswered',
          message: 'ERR_TLS_CERT_ALTNAME_INVALID',
          late: false,
          sent: false,
        });
        expect(named.received).toHaveLength(1);
      } finally {
        setDefaultCACertificates(trusted);
        await named.stop();
      }
    });

    it('refuses a name that is loopback and something private at once', async () => {
      const mixed = httpsEgress({ allowLoopback: true, resolve: answers('127.0.0.1', '10.0.0.1') });
      expect(await mixed.send(call(`https://gateway.example:${tls.port}/`))).toMatchObject({
        result: 'forbidden',
      });
    });

    it('calls nothing but loopback by plain http', async () => {
      const outside = httpsEgress({ allowLoopback: true, resolve: answers('8.8.8.8') });
      expect(await outside.send(call('http://gateway.example/'))).toMatchObject({ result: 'forbidden' });
      expect(await outside.send(call('http://[::ffff:127.0.0.1]/'))).toMatchObject({ result: 'forbidden' });
    });
  });

  describe('everywhere else', () => {
    // Each of these reaches the listener when nothing stops it: by its address, its spelling or its name.
    it.each([
      ['a loopback address', (port: number) => `https://127.0.0.1:${port}/`],
      ['its decimal spelling', (port: number) => `https://2130706433:${port}/`],
      ['its hexadecimal spelling', (port: number) => `https://0x7f.1:${port}/`],
      ['its short spelling', (port: number) => `https://127.1:${port}/`],
      ['its full-width spelling', (port: number) => `https://１２７.０.０.１:${port}/`],
      ['another loopback address', (port: number) => `https://127.8.9.10:${port}/`],
      ['the unspecified address', (port: number) => `https://0.0.0.0:${port}/`],
      ['the mapped loopback address', (port: number) => `https://[::ffff:127.0.0.1]:${port}/`],
      ['the mapped one in hexadecimal', (port: number) => `https://[::ffff:7f00:1]:${port}/`],
      ['a name that means loopback', (port: number) => `https://localhost:${port}/`],
      ['plain http', (port: number) => `http://127.0.0.1:${port}/`],
      ['credentials in the address', (port: number) => `https://user:pass@localhost:${port}/`],
    ])('never connects to %s', async (_, url) => {
      const egress = httpsEgress({ allowLoopback: false });
      expect(await egress.send(call(url(tls.port)))).toMatchObject({ result: 'forbidden' });
      expect(await egress.send(call(url(listener.port)))).toMatchObject({ result: 'forbidden' });
      expect(tls.connections() + listener.connections()).toBe(0);
    });

    it.each([
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254'],
      ['fd00:ec2::254'],
      ['10.1.2.3'],
      ['172.16.0.1'],
      ['192.168.1.1'],
      ['100.64.0.1'],
      ['fc00::1'],
      ['fe80::1'],
      ['224.0.0.1'],
      ['ff02::1'],
      ['64:ff9b::a9fe:a9fe'],
      ['2002:7f00:1::'],
      ['8.8.8.8', '127.0.0.1'],
      ['127.0.0.1', '2600::1'],
    ])('never connects to a public name that resolves to %s %s', async (...addresses) => {
      const egress = httpsEgress({ allowLoopback: false, resolve: answers(...addresses) });
      expect(await egress.send(call(`https://gateway.example:${tls.port}/`))).toEqual({
        result: 'forbidden',
        message: 'the address is not on the public Internet',
      });
      expect(tls.connections()).toBe(0);
    });

    it.each(['ftp://gateway.example/', 'file:///etc/passwd', 'gateway.example', '', 'data:,x'])(
      'refuses what is not an https address: %j',
      async (url) => {
        const egress = httpsEgress({ allowLoopback: true, resolve: answers('127.0.0.1') });
        expect(await egress.send(call(url))).toMatchObject({ result: 'forbidden' });
      },
    );

    it('tells a name without an address from one that must not be called', async () => {
      const egress = httpsEgress({
        allowLoopback: false,
        resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
      });
      expect(await egress.send(call('https://gateway.example/'))).toEqual({
        result: 'unanswered',
        message: 'ENOTFOUND',
        late: false,
        sent: false,
      });
    });
  });
});
