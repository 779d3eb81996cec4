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
  // What is read of a request: its body, and its headers.
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
    ['behind an empty line', `\r\n--b\r\n${JSON_PART}${LOAD}\r\n--b--\r\n`],
  ])('%s', async (_what, body) => {
    expect(await configurationOf(upload(body))).toBe(LOAD);
  });
});

describe('the configuration that is sent', () => {
  test.each([
    ['another format', 'Content-Type: application/x-protobuf\r\n'],
    ['another charset', 'Content-Type: application/json; charset=utf-7\r\n'],
    ['an encoding', 'Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n'],
    ['nothing', ''],
  ])('says that it is JSON in UTF-8, where the client’s said %s', async (_what, headers) => {
    const asked = `--b\r\n${headers}\r\n${LOAD}\r\n--b\r\n\r\nmedia\r\n--b--\r\n`;

    const read = await readUpload(upload(asked), { maxQueryBodyBytes: 1_000 });

    const sent = read?.withConfiguration(Buffer.from('{"configuration":{}}'));
    const body = await text(sent?.body ?? Readable.from([]));
    expect(body).toBe(
      '--b\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n' +
        '{"configuration":{}}\r\n--b\r\n\r\nmedia\r\n--b--\r\n',
    );
    expect(sent?.lengthChange).toBe(body.length - asked.length);
  });
});

describe('an upload in which servers may find another first part is refused', () => {
  const guarded = `--b\r\n${JSON_PART}${LOAD}\r\n--b\r\n`;

  test.each([
    ['a part of a longer boundary before it', `--bc\r\n\r\n${LOAD}\r\n--b\r\n\r\n${QUERY}\r\n--b--`],
    ['text before it', `--b\n\n${QUERY}\n--b\n\r\n${guarded}`],
    ['a bare line feed in its headers', `--b\r\nA: b\n\n${QUERY}\r\n\r\n${LOAD}\r\n--b--`],
    ['a header that is none', `--b\r\n${QUERY}\r\n\r\n${LOAD}\r\n--b--`],
    ['an end by a longer boundary', `--b\r\n\r\n${LOAD}\r\n--bc\r\n${QUERY}\r\n--b--`],
  ])('%s', async (_what, body) => {
    await expect(configurationOf(upload(body))).rejects.toThrow(BadRequest);
  });
});

describe('a boundary that servers may take for another is none', () => {
  test.each([
    ['stands twice', 'multipart/related; boundary=a; boundary=b'],
    ['stands in another’s quotes', 'multipart/related; type="; boundary=a"; boundary=b', 'b'],
    ['is part of another’s name', 'multipart/related; x-boundary=a; boundary=b', 'b'],
    ['has an escape', 'multipart/related; boundary="a\\"b"'],
    ['is followed by what is no parameter', 'multipart/related; boundary=a, multipart/related; boundary=b'],
  ])('%s', (_what, contentType, boundary: string | null = null) => {
    expect(boundaryOf(contentType, 'multipart/related')).toBe(boundary);
  });

  test.each([
    'multipart/related; boundary=b',
    'Multipart/Related;Boundary="b"; type="application/json"',
    'multipart/related; charset=UTF-8; boundary=b;',
  ])('and one way of reading it is taken: %s', (contentType) => {
    expect(boundaryOf(contentType, 'multipart/related')).toBe('b');
  });
});
