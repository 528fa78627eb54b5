import { crc32, deflateRawSync } from 'node:zlib';

/** 1 January 1980, the first moment that a zip can name: the same input gives the same bytes. */
const date = { time: 0, day: 0x21 };
/** Made on Unix, so that the file mode below counts; version 2.0 for deflate. */
const madeBy = (3 << 8) | 20;
const readableFile = 0o100644;

/** A zip archive (PKWARE APPNOTE 4.3) with one file. Equal contents give equal bytes. */
export function zipFile(name: string, contents: Uint8Array): Buffer {
  const path = Buffer.from(name);
  const packed = deflateRawSync(contents, { level: 9 });
  const facts = Buffer.concat([
    numbers([20, 2], [0, 2], [8, 2], [date.time, 2], [date.day, 2]),
    numbers([crc32(contents), 4], [packed.length, 4], [contents.length, 4], [path.length, 2], [0, 2]),
  ]);
  const file = Buffer.concat([numbers([0x04034b50, 4]), facts, path, packed]);
  const entry = Buffer.concat([
    numbers([0x02014b50, 4], [madeBy, 2]),
    facts,
    numbers([0, 2], [0, 2], [0, 2], [(readableFile << 16) >>> 0, 4], [0, 4]),
    path,
  ]);
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [1, 2],
    [1, 2],
    [entry.length, 4],
    [file.length, 4],
    [0, 2],
  );
  return Buffer.concat([file, entry, end]);
}

/** Little-endian numbers of 2 or 4 bytes. */
function numbers(...values: [number, 2 | 4][]): Buffer {
  return Buffer.concat(
    values.map(([value, size]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}
