import { parse } from 'csv-parse/sync';
import { fail } from '../errors.ts';
import { openQuoteLine, type Piece, recordPosition } from './csv-pieces.ts';

// A byte-order mark inside the file is text; the one in front has been taken off.
const decoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The records of a piece as text cells, by csv-parse under RFC 4180: quotes only around whole cells, doubled inside. */
export function csvRecords(piece: Piece, delimiter: string): string[][] {
  try {
    return parse(decoder.decode(piece.bytes), {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
    });
  } catch (error) {
    return explain(error as { code?: string; records?: number; column?: number; message: string }, piece);
  }
}

function explain(error: { code?: string; records?: number; column?: number; message: string }, piece: Piece): never {
  const position = recordPosition(piece, error.records ?? 0);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    fail(
      'corrupt-input',
      `the quote opened on line ${openQuoteLine(piece, position)} is never closed: add the closing quote`,
    );
  const place = `line ${position.line}, cell ${(error.column ?? 0) + 1}`;
  if (error.code === 'INVALID_OPENING_QUOTE')
    fail(
      'corrupt-input',
      `${place} holds a quote inside an unquoted cell: quote the whole cell and double the quotes inside`,
    );
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE')
    fail('corrupt-input', `${place} goes on after its closing quote: double the quotes inside a quoted cell`);
  return fail('corrupt-input', `line ${position.line}: ${error.message}`);
}
