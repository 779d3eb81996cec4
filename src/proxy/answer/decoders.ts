import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzipSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

/** How to read what came in one encoding. */
interface Decoder {
  stream(): Transform;
  whole(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Buffer;
}

/**
 * A decoder keeps a frame's window in memory. HTTP allows 8 MiB; what does not keep to it is not read, and the job is asked
 * instead.
 * @see RFC 9659, section 3
 */
const ZSTD_WINDOW = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

/** The encodings that clients say they take: gzip all of them, deflate and br Node's, zstd browsers. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: { stream: createGunzip, whole: gunzipSync },
  deflate: { stream: createInflate, whole: inflateSync },
  br: { stream: createBrotliDecompress, whole: brotliDecompressSync },
  zstd: {
    stream: () => createZstdDecompress(ZSTD_WINDOW),
    whole: (bytes, options) => zstdDecompressSync(bytes, { ...options, ...ZSTD_WINDOW }),
  },
};

/** A stream that decodes an answer; null if it is not encoded, or in a way that is not known. */
export function decoderFor({ 'content-encoding': encoding = '' }: IncomingHttpHeaders): Transform | null {
  return decoderOf(encoding)?.stream() ?? null;
}

/**
 * The whole body of an answer as text, at most a megabyte; empty if it is not in the encoding that the answer says, and as
 * it came if that is not known.
 */
export function decodedText(
  { 'content-encoding': encoding = '' }: IncomingHttpHeaders,
  body: Buffer,
): string {
  try {
    const decoder = decoderOf(encoding);
    return (decoder === null ? body : decoder.whole(body, { maxOutputLength: 1 << 20 })).toString();
  } catch {
    return '';
  }
}

function decoderOf(encoding: string): Decoder | null {
  const name = encoding.trim().toLowerCase();
  return Object.hasOwn(DECODERS, name) ? (DECODERS[name] ?? null) : null;
}
