// A part of the index as one block of bytes: a sorted dictionary, then for each term and field who holds it how often. A question
// decodes the postings of its own terms and nothing else; loading everything at 10,000 records would take half a second.
//
// Layout, little-endian as all of Node's platforms: header (8 × uint32, the last a checksum of what follows) · keys
// float64[docs] · term ends uint32[terms] · posting ends uint32[terms] · documents uint32[terms] · field lengths uint16[docs × fields] · dictionary UTF-8 · postings as varints:
// (field, count, (document gap, frequency) × count) for each field that holds the term.
import { crc32 } from 'node:zlib';

/** Read at the head of every file; another number is another format. */
const magic = 0x524d4904;
const headerWords = 8;

/** As it is built; in a file and read from it, it has a checksum as well. */
export interface SegmentParts {
  readonly documentCount: number;
  readonly termCount: number;
  readonly fieldCount: number;
  /** One number a document that says which file with which bytes it was. */
  readonly keys: Float64Array;
  /** Distinct terms by document × field. */
  readonly lengths: Uint16Array;
  readonly termEnds: Uint32Array;
  readonly postingEnds: Uint32Array;
  /** How many documents hold the term, in any field. */
  readonly documentCounts: Uint32Array;
  readonly dictionary: Buffer;
  readonly postings: Uint8Array;
}

export interface Segment extends SegmentParts {
  /** Of all its bytes: the same number, the same segment. */
  readonly checksum: number;
}

/** Throws a RangeError when the bytes are not a whole segment of this version. */
export function parseSegment(file: Buffer, fieldCount: number): Segment {
  // Typed arrays need an aligned start, which a pooled buffer may not have.
  const bytes = file.byteOffset % 8 === 0 ? file : Buffer.from(new Uint8Array(file).buffer);
  if (bytes.length < headerWords * 4) throw new RangeError('index: too short');
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, headerWords);
  const [mark, fields, documentCount, termCount, dictionaryBytes, postingBytes, total, checksum] = header;
  if (mark !== magic || fields !== fieldCount || total !== bytes.length)
    throw new RangeError('index: of another version');
  if (crc32(bytes.subarray(headerWords * 4)) !== checksum) throw new RangeError('index: damaged');
  let offset = headerWords * 4;
  const take = (count: number): number => {
    const start = bytes.byteOffset + offset;
    offset += count;
    return start;
  };
  const keys = new Float64Array(bytes.buffer, take(documentCount! * 8), documentCount);
  const termEnds = new Uint32Array(bytes.buffer, take(termCount! * 4), termCount);
  const postingEnds = new Uint32Array(bytes.buffer, take(termCount! * 4), termCount);
  const documentCounts = new Uint32Array(bytes.buffer, take(termCount! * 4), termCount);
  const lengths = new Uint16Array(bytes.buffer, take(documentCount! * fieldCount * 2), documentCount! * fieldCount);
  const dictionary = bytes.subarray(offset, offset + dictionaryBytes!);
  const postings = bytes.subarray(offset + dictionaryBytes!, offset + dictionaryBytes! + postingBytes!);
  if (offset + dictionaryBytes! + postingBytes! !== total) throw new RangeError('index: damaged');
  return {
    documentCount: documentCount!,
    termCount: termCount!,
    fieldCount,
    keys,
    lengths,
    termEnds,
    postingEnds,
    documentCounts,
    dictionary,
    postings,
    checksum: checksum!,
  };
}

/** The segment as bytes for a file; the other way round of parseSegment. */
export function formatSegment(segment: SegmentParts): Buffer {
  const { documentCount, termCount, fieldCount, dictionary, postings } = segment;
  const { keys, termEnds, postingEnds, documentCounts, lengths } = segment;
  const parts = [keys, termEnds, postingEnds, documentCounts, lengths, dictionary, postings];
  const total = parts.reduce((sum, part) => sum + part.byteLength, headerWords * 4);
  const bytes = Buffer.concat(
    [new Uint32Array(headerWords), ...parts].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
    total,
  );
  const checksum = crc32(bytes.subarray(headerWords * 4));
  const header = Uint32Array.of(
    magic,
    fieldCount,
    documentCount,
    termCount,
    dictionary.length,
    postings.length,
    total,
    checksum,
  );
  bytes.set(new Uint8Array(header.buffer));
  return bytes;
}

export function termAt(segment: Segment, index: number): string {
  return segment.dictionary.toString('utf8', index === 0 ? 0 : segment.termEnds[index - 1], segment.termEnds[index]);
}

/** The place of the first term that is not before the given one. */
export function lowerBound(segment: Segment, term: string): number {
  let low = 0;
  let high = segment.termCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (termAt(segment, middle) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of a term, -1 when no record holds it. */
export function findTerm(segment: Segment, term: string): number {
  const at = lowerBound(segment, term);
  return at < segment.termCount && termAt(segment, at) === term ? at : -1;
}

/** One term's postings, a column each: fields and, within a field, documents ascend. */
export interface Columns {
  count: number;
  fields: Uint8Array;
  documents: Uint32Array;
  frequencies: Uint16Array;
}

/** Throws RangeError when damaged. Numbers are read in place: a call for each would take longer than all the rest, in a process this short. */
export function decodePostings(segment: SegmentParts, termIndex: number): Columns {
  const { postings: bytes, documentCount } = segment;
  let at = termIndex === 0 ? 0 : segment.postingEnds[termIndex - 1]!;
  const end = segment.postingEnds[termIndex]!;
  // A posting takes two bytes at least.
  const most = (end - at) >> 1;
  const fields = new Uint8Array(most);
  const documents = new Uint32Array(most);
  const frequencies = new Uint16Array(most);
  let count = 0;
  let field = 0;
  let left = 0;
  let document = -1;
  while (at < end) {
    let value = bytes[at++]!;
    if (value > 127) {
      value &= 127;
      for (let scale = 128; at < end; scale *= 128) {
        const byte = bytes[at++]!;
        value += (byte & 127) * scale;
        if (byte < 128) break;
      }
    }
    if (left === 0) {
      // A new field: its number, then how many hold it.
      field = value;
      document = -1;
      left = readCount();
      continue;
    }
    document += value;
    let frequency = bytes[at++]!;
    if (frequency > 127) {
      at--;
      frequency = readCount();
    }
    if (at > end || document >= documentCount || count >= most) throw new RangeError('index: damaged');
    fields[count] = field;
    documents[count] = document;
    frequencies[count++] = frequency;
    left--;
  }
  return {
    count,
    fields: fields.subarray(0, count),
    documents: documents.subarray(0, count),
    frequencies: frequencies.subarray(0, count),
  };

  function readCount(): number {
    let value = 0;
    for (let scale = 1; at < end; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  }
}
