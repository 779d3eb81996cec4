import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { boundaryOf } from '../../../src/proxy/request/multipart.ts';
import { readUpload } from '../../../src/proxy/request/upload.ts';
import { BadRequest } from '../../../src/proxy/stop.ts';

const LOAD = '{"configuration":{"load":{}}}';
const QUERY = '{"configuration":{"query":{"query":"SELECT 1"}}}';
const JSON_PART = `Content-Type: application/json\r\n\r\n`;

function upload(body: string, contentType = 'multipart/related; boundary=b'): Request {
  // The parts of a request that are used: its body and its headers.
  return Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-type': contentType },
  }) as unknown as Request;
}

async function configurationOf(request: Request): Promise<string | null> {
  const read = await readUpload(request, { maxQueryBodyBytes: 1_000 });
  return read === null ? null : Buffer.from(read.configuration).toString();
}

describe('the configuration of an upload is its first part', () => {
  test.each([
    ['with headers', `--b\r\n${JSON_PART}${LOAD}\r\n--b\r\n\r\nmedia\r\n--b--\r\n`],
    ['without headers', `--b\r\n\r\n${LOAD}\r\n--b--`],
    ['after an empty line', `\r\n--b\r\n${JSON_PART}${LOAD}\r\n--b--\r\n`],
  ])('%s', async (_what, body) => {
    expect(await configurationOf(upload(body))).toBe(LOAD);
  });
});

describe('the configuration that is sent', () => {
  test.each([
    ['stated another format', 'Content-Type: application/x-protobuf\r\n'],
    ['stated another charset', 'Content-Type: application/json; charset=utf-7\r\n'],
    ['stated an encoding', 'Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n'],
    ['stated nothing', ''],
  ])('is labelled as JSON in UTF-8 if the client’s %s', async (_what, headers) => {
    const received = `--b\r\n${headers}\r\n${LOAD}\r\n--b\r\n\r\nmedia\r\n--b--\r\n`;

    const read = await readUpload(upload(received), { maxQueryBodyBytes: 1_000 });

    const sent = read?.withConfiguration(Buffer.from('{"configuration":{}}'));
    const body = await text(sent?.body ?? Readable.from([]));
    expect(body).toBe(
      '--b\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n' +
        '{"configuration":{}}\r\n--b\r\n\r\nmedia\r\n--b--\r\n',
    );
    expect(sent?.lengthChange).toBe(body.length - received.length);
  });
});

describe('an upload whose lines end in LF alone, as Google’s API client for Python sends it', () => {
  const headers = 'Content-Type: application/json\nMIME-Version: 1.0\n';
  const media = 'Content-Type: text/csv\n\na,b\r\n1,2\n';
  const received = `--b\n${headers}\n${LOAD}\n--b\n${media}\n--b--`;

  test('has its configuration read', async () => {
    expect(await configurationOf(upload(received))).toBe(LOAD);
  });

  test('is sent with its own line ends, and its media unchanged', async () => {
    const read = await readUpload(upload(received), { maxQueryBodyBytes: 1_000 });

    const sent = read?.withConfiguration(Buffer.from('{"configuration":{}}'));
    const body = await text(sent?.body ?? Readable.from([]));
    expect(body).toBe(
      `--b\nContent-Type: application/json; charset=UTF-8\n\n{"configuration":{}}\n--b\n${media}\n--b--`,
    );
    expect(sent?.lengthChange).toBe(body.length - received.length);
  });

  test.each([
    [
      'has a part for servers that read CRLF alone',
      received.replace('1,2', `\r\n--b\r\n\r\n${QUERY}\r\n--b--`),
    ],
    ['has a CRLF in its headers', received.replace('MIME', 'A: b\r\n\r\nMIME')],
    ['has a malformed header', received.replace('MIME-Version: 1.0', QUERY)],
    ['ends its first part by a longer boundary', received.replace(`${LOAD}\n--b`, `${LOAD}\n--bc`)],
    ['never ends its first part', `--b\n${headers}\n${LOAD}`],
  ])('is refused if it %s', async (_what, body) => {
    await expect(configurationOf(upload(body))).rejects.toThrow(BadRequest);
  });

  test('is refused if it is too large to be read whole', async () => {
    const large = received.replace('1,2', '1,2'.repeat(400));

    await expect(configurationOf(upload(large))).rejects.toThrow('send it as a resumable upload');
  });
});

describe('an upload in which servers may find another first part is refused', () => {
  const guarded = `--b\r\n${JSON_PART}${LOAD}\r\n--b\r\n`;

  test.each([
    ['a part with a longer boundary before it', `--bc\r\n\r\n${LOAD}\r\n--b\r\n\r\n${QUERY}\r\n--b--`],
    ['text before it', `--b\n\n${QUERY}\n--b\n\r\n${guarded}`],
    ['a bare line feed in its headers', `--b\r\nA: b\n\n${QUERY}\r\n\r\n${LOAD}\r\n--b--`],
    ['a malformed header', `--b\r\n${QUERY}\r\n\r\n${LOAD}\r\n--b--`],
    ['a longer boundary at its end', `--b\r\n\r\n${LOAD}\r\n--bc\r\n${QUERY}\r\n--b--`],
  ])('%s', async (_what, body) => {
    await expect(configurationOf(upload(body))).rejects.toThrow(BadRequest);
  });
});

describe('the boundary of an upload', () => {
  test.each([
    ['is given twice', 'multipart/related; boundary=a; boundary=b'],
    ['is inside another parameter’s quotes', 'multipart/related; type="; boundary=a"; boundary=b', 'b'],
    ['is part of another parameter’s name', 'multipart/related; x-boundary=a; boundary=b', 'b'],
    ['contains an escape', 'multipart/related; boundary="a\\"b"'],
    ['contains a space, where some servers end it', 'multipart/related; boundary="a b"'],
    ['ends in a space, which some servers leave out', 'multipart/related; boundary="a "'],
    ['contains a semicolon, where some servers end it', 'multipart/related; boundary="a;b"'],
    ['contains a character of several bytes', 'multipart/related; boundary=a\u00e9'],
    [
      'is followed by something other than a parameter',
      'multipart/related; boundary=a, multipart/related; boundary=b',
    ],
  ])(
    'is the one that every server reads, or null, if a boundary %s',
    (_what, contentType, boundary: string | null = null) => {
      expect(boundaryOf(contentType, 'multipart/related')).toBe(boundary);
    },
  );

  test.each([
    'multipart/related; boundary=b',
    'Multipart/Related;Boundary="b"; type="application/json"',
    'multipart/related; charset=UTF-8; boundary=b;',
  ])('is found however it is written: %s', (contentType) => {
    expect(boundaryOf(contentType, 'multipart/related')).toBe('b');
  });
});
